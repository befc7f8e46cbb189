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

/** The service that most requests cost most. */
const GROWING = 'front-end';

/**
 * For the check: two processors that run the shoppers and the whole shop cannot give two pods the 400m at which production adds one, and
 * pods are taken back at once, not five minutes after the load.
 */
const OF_A_SMALL_MACHINE = {
  spec: {
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '120m' } },
      },
    ],
    behavior: {
      scaleDown: {
        stabilizationWindowSeconds: 0,
        policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
      },
    },
  },
};

/** Load makes a HorizontalPodAutoscaler ask for more pods than its least, which become ready, and after it they are taken back. */
export async function autoscaled(shop: Shop, url: string, dir: string): Promise<string[]> {
  const all = async (): Promise<readonly Autoscaler[]> => {
    const list = await shop.kubectl.get<{ items: Autoscaler[] }>(['hpa', '-n', NAMESPACE]);
    return list.items;
  };
  const one = () => shop.kubectl.get<Autoscaler>(['hpa', GROWING, '-n', NAMESPACE]);
  await until(
    'figures of metrics-server for every autoscaler',
    async () => (await all()).every((each) => useOf(each) !== undefined),
    180_000,
  );
  await shop.run([
    'patch',
    'hpa',
    GROWING,
    '--type=merge',
    '-p',
    JSON.stringify(OF_A_SMALL_MACHINE),
  ]);
  const lines = [`at rest: ${(await all()).map(lineOf).join(', ')}`];
  const wait = async (what: string, ask: (autoscaler: Autoscaler) => boolean): Promise<void> => {
    const startedAt = Date.now();
    try {
      await until(what, async () => ask(await one()), 300_000);
    } finally {
      const seconds = Math.round((Date.now() - startedAt) / 1000);
      lines.push(`${what} after ${seconds} s: ${lineOf(await one())}`);
    }
  };
  const load = { url, dir, shoppers: 40, think: '0', journeys: 'browse' };
  try {
    await underLoad(load, async () => {
      await wait('more pods', isGrown);
      await shop.run(['rollout', 'status', `deployment/${GROWING}`, '--timeout=180s']);
    });
    await wait('without load the least pods', (each) => !isGrown(each));
  } catch (error) {
    throw new CheckFailedError([...lines, error instanceof Error ? error.message : String(error)]);
  }
  return lines;
}

function isGrown({ spec, status }: Autoscaler): boolean {
  return status.desiredReplicas > (spec.minReplicas ?? 1);
}

/** Such as `front-end 412m a pod → 3 pods`. */
function lineOf(autoscaler: Autoscaler): string {
  const { metadata, status } = autoscaler;
  return `${metadata.name} ${useOf(autoscaler) ?? '?'} a pod → ${status.desiredReplicas} pods`;
}

function useOf({ status }: Autoscaler): string | undefined {
  return status.currentMetrics?.[0]?.resource?.current.averageValue;
}
