import { Figures } from './figures.ts';
import type { SeenSpan } from './traffic-window.ts';

/** The most of each kind: spans come from outside. */
const MAX_VERSIONS = 20;
const MAX_INSTANCES = 50;

interface Version {
  readonly figures: Figures;
  readonly instances: Map<string, Figures>;
}

/** What each version and each instance of a service handled. */
export class VersionFigures {
  private readonly versions = new Map<string, Version>();

  get any(): boolean {
    return this.versions.size > 0;
  }

  add({ version: name, instance, durationMs, failed }: SeenSpan): void {
    if (name === undefined) return;
    const version = kept(this.versions, name, MAX_VERSIONS, () => ({
      figures: new Figures(),
      instances: new Map<string, Figures>(),
    }));
    version?.figures.add(durationMs, failed);
    if (instance === undefined || !version) return;
    kept(version.instances, instance, MAX_INSTANCES, () => new Figures())?.add(durationMs, failed);
  }

  /** By name, so that they keep their places. */
  rows<M>(measured: (figures: Figures) => M) {
    return byName(this.versions).map(([version, { figures, instances }]) => ({
      version,
      ...measured(figures),
      instances: byName(instances).map(([name, its]) => ({ name, ...measured(its) })),
    }));
  }
}

/** Undefined for a further one where there are too many. */
function kept<T>(all: Map<string, T>, name: string, most: number, make: () => T): T | undefined {
  const known = all.get(name);
  if (known !== undefined || all.size >= most) return known;
  const made = make();
  all.set(name, made);
  return made;
}

function byName<T>(all: Map<string, T>): [string, T][] {
  return [...all].sort(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }));
}
