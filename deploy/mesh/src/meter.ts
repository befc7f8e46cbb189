import type { Measured } from './judge.ts';
import { type Latencies, latenciesOf, p95Ms, since, together } from './latencies.ts';
import { type InstanceFigures, instanceFigures, type MeshRouter } from './router.ts';
import type { Version } from './version.ts';

const SCRAPE_MS = 2000;

/**
 * Measures a version from now on: requests and failures as the router saw them, so that an instance that hangs or ends counts, too; times as
 * the instances saw them, as the router keeps no percentiles.
 */
export class Meter {
  private constructor(
    private readonly version: Version,
    private readonly router: MeshRouter,
    private readonly figures: ReadonlyMap<string, InstanceFigures>,
    private readonly latencies: ReadonlyMap<string, Latencies>,
  ) {}

  static async start(version: Version, router: MeshRouter): Promise<Meter> {
    const [figures, latencies] = await Promise.all([instanceFigures(router), scrape(version)]);
    return new Meter(version, router, figures, latencies);
  }

  async read(): Promise<Measured> {
    const [figures, latencies] = await Promise.all([
      instanceFigures(this.router),
      scrape(this.version),
    ]);
    let [requests, errors] = [0, 0];
    for (const { name } of this.version.ports) {
      const now = figures.get(name);
      if (!now) continue;
      const before = this.figures.get(name);
      const restarted = before === undefined || before.requests > now.requests;
      requests += now.requests - (restarted ? 0 : before.requests);
      errors += now.errors - (restarted ? 0 : before.errors);
    }
    const times = [...latencies].map(([name, now]) => since(this.latencies.get(name), now));
    return { requests, errors, p95Ms: p95Ms(together(times)) };
  }
}

/** By the instance's name; without those that do not answer. */
async function scrape(version: Version): Promise<ReadonlyMap<string, Latencies>> {
  const all = await Promise.all(
    version.ports.map(async ({ name, port }): Promise<[string, Latencies][]> => {
      try {
        const signal = AbortSignal.timeout(SCRAPE_MS);
        const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal });
        return [[name, latenciesOf(await response.text())]];
      } catch {
        return []; // the router's figures say what is wrong with it
      }
    }),
  );
  return new Map(all.flat());
}
