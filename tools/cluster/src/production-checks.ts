import { setTimeout as sleep } from 'node:timers/promises';
import { underLoad } from './load.ts';
import { lossless } from './lossless.ts';
import { CheckFailedError } from './report.ts';
import { ProgramFailedError } from './run-program.ts';
import { NAMESPACE, SERVICES, type Shop } from './shop.ts';
import { until } from './until.ts';

/** One pod of each service is deleted while 20 shoppers shop; the others serve. */
export async function podsDeleted(shop: Shop, url: string, dir: string): Promise<string[]> {
  const result = await underLoad({ url, dir, shoppers: 20 }, async () => {
    for (const service of SERVICES) {
      const [pod] = await shop.pods(service);
      if (!pod) throw new CheckFailedError([`${service} has no pod`]);
      await shop.run(['delete', 'pod', pod.metadata.name, '--wait=false']);
      await shop.rolledOut();
    }
  });
  return lossless('one pod of every service deleted', result);
}

/**
 * Every pod of the services is evicted while 20 shoppers shop, as `kubectl drain` does; a PodDisruptionBudget makes it wait. The node stays
 * schedulable, as it is the only one.
 */
export async function drained(shop: Shop, url: string, dir: string): Promise<string[]> {
  let evicted = 0;
  let refused = 0;
  const result = await underLoad({ url, dir, shoppers: 20 }, async () => {
    for (const service of SERVICES)
      for (const { metadata } of await shop.pods(service)) {
        refused += await evict(shop, metadata.name);
        evicted++;
      }
    await shop.rolledOut();
  });
  const lines = lossless(`${evicted} pods evicted`, result);
  return [...lines, `PodDisruptionBudgets made ${refused} evictions wait`];
}

/** @returns how often a budget refused it before it was allowed */
async function evict(shop: Shop, pod: string): Promise<number> {
  const body = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: pod, namespace: NAMESPACE },
  };
  const path = `/api/v1/namespaces/${NAMESPACE}/pods/${pod}/eviction`;
  let refused = 0;
  await until(
    `the eviction of ${pod}`,
    async () => {
      try {
        await shop.kubectl.run(['create', '--raw', path, '-f', '-'], JSON.stringify(body));
        return true;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        refused++;
        await sleep(1000); // as kubectl drain, which waits 5 s
        return false;
      }
    },
    300_000,
  );
  return Math.min(refused, 1);
}

function isRefusal(error: unknown): boolean {
  return error instanceof ProgramFailedError && /disruption budget/i.test(error.message);
}

interface Autoscaler {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly minReplicas?: number };
  readonly status: {
    readonly desiredReplicas: number;
    readonly currentMetrics?: readonly {
      readonly resource?: { readonly current: { readonly averageValue: string } };
    }[];
  };
}

/** Load makes a HorizontalPodAutoscaler ask for more pods than its least, and they become ready. */
export async function autoscaled(shop: Shop, url: string, dir: string): Promise<string[]> {
  const autoscalers = async (): Promise<readonly Autoscaler[]> => {
    const list = await shop.kubectl.get<{ items: Autoscaler[] }>(['hpa', '-n', NAMESPACE]);
    return list.items;
  };
  const grown = async (): Promise<Autoscaler | undefined> =>
    (await autoscalers()).find(
      ({ spec, status }) => status.desiredReplicas > (spec.minReplicas ?? 1),
    );
  await until(
    'figures of metrics-server for every autoscaler',
    async () => (await autoscalers()).every((each) => useOf(each) !== undefined),
    180_000,
  );
  const before = (await autoscalers()).map(lineOf).join(', ');
  let after = '';
  const load = { url, dir, shoppers: 60, think: '0' };
  await underLoad(load, async () => {
    await until('more pods', async () => (await grown()) !== undefined, 240_000);
    const one = await grown();
    if (!one) throw new CheckFailedError(['the autoscaler took its pods back at once']);
    after = lineOf(one);
    await shop.run(['rollout', 'status', `deployment/${one.metadata.name}`, '--timeout=180s']);
  });
  return [`before: ${before}`, `under the load of ${load.shoppers} shoppers: ${after}`];
}

/** Such as `front-end 412m a pod → 3 pods`. */
function lineOf(autoscaler: Autoscaler): string {
  const { metadata, status } = autoscaler;
  return `${metadata.name} ${useOf(autoscaler) ?? '?'} a pod → ${status.desiredReplicas} pods`;
}

function useOf({ status }: Autoscaler): string | undefined {
  return status.currentMetrics?.[0]?.resource?.current.averageValue;
}
