import { setTimeout as sleep } from 'node:timers/promises';
import { judge, type Measured, percent, type Pledge } from './judge.ts';
import { MeshError } from './mesh-error.ts';
import { Meter } from './meter.ts';
import { oneOfTwo, promote, rollback } from './commands.ts';
import type { MeshRouter } from './router.ts';
import type { ServiceMesh } from './service-mesh.ts';
import type { Say, Version } from './version.ts';
import type { CanaryView } from './view.ts';

const LOOK_MS = 500;
/** A person who waits for a step reads this often how far it is. */
const SAY_MS = 30_000;
/** A step that has too few requests by then is broken: no one knows whether the version works. */
const STEP_MS = 10 * 60_000;

interface AutoCanary extends Pledge {
  readonly version: string;
  readonly steps: readonly number[];
}

/** Gives the version more of the requests step by step while it keeps the pledge, then promotes it; else rolls back. @throws MeshError 409 saying why. */
export async function autoCanary(
  mesh: ServiceMesh,
  router: MeshRouter,
  request: AutoCanary,
  { say, ending }: { say: Say; ending: AbortSignal },
): Promise<void> {
  const version = oneOfTwo(mesh, request.version);
  const { steps, requests: of, maxErrorRate, maxP95Ms } = request;
  const show = (seen: Partial<CanaryView>): void => {
    const none = { state: 'measuring', share: 0, requests: 0, errors: 0 } as const;
    const pledge = { steps, of, maxErrorRate, ...(maxP95Ms !== undefined && { maxP95Ms }) };
    mesh.canary = { version: version.name, ...pledge, ...none, ...mesh.canary, ...seen };
  };
  mesh.canary = undefined;
  for (const share of steps) {
    await mesh.setShare(version, share);
    let saidAt = Date.now();
    const { measured, why } = await measure(version, router, request, ending, (seen) => {
      show({ share, ...seen });
      const progress = `${share} %: ${seen.requests} of ${of} requests, ${kept(seen)}`;
      mesh.progress(progress);
      if (Date.now() - saidAt < SAY_MS) return;
      saidAt = Date.now();
      say(`${version.name} at ${progress}`);
    });
    show({ share, ...measured });
    if (why !== undefined) {
      show({ state: 'rolled back', why });
      say(`${version.name} at ${share} %: ${why}`);
      if (!ending.aborted) await rollback(mesh, say); // else the command that ended this one does
      throw new MeshError(409, `${version.name} is rolled back from ${share} %: ${why}`);
    }
    say(`${version.name} at ${share} %: ${measured.requests} requests, ${kept(measured)}`);
  }
  await promote(mesh, { service: mesh.service.name, version: version.name }, say);
  show({ state: 'promoted' });
}

/** Until the pledge is kept or broken. */
async function measure(
  version: Version,
  router: MeshRouter,
  pledge: Pledge,
  ending: AbortSignal,
  seen: (measured: Measured) => void,
): Promise<{ measured: Measured; why?: string }> {
  const meter = await Meter.start(version, router);
  const deadline = Date.now() + STEP_MS;
  for (;;) {
    const measured = await meter.read();
    seen(measured);
    const verdict = judge(measured, pledge);
    if ('why' in verdict) return { measured, why: verdict.why };
    if (verdict.kept) return { measured };
    if (Date.now() > deadline) {
      const minutes = STEP_MS / 60_000;
      return { measured, why: `only ${measured.requests} requests in ${minutes} minutes` };
    }
    await sleep(LOOK_MS, undefined, { signal: ending }).catch(() => undefined);
    if (ending.aborted) return { measured, why: 'a person asked for it' };
  }
}

function kept({ requests, errors, p95Ms }: Measured): string {
  const rate = requests === 0 ? '' : ` (${percent(errors / requests)})`;
  const time = p95Ms === undefined ? '' : `, p95 ${p95Ms.toFixed(0)} ms`;
  return `${errors} errors${rate}${time}`;
}
