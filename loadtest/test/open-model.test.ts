import { describe, expect, it, jest } from '@jest/globals';
import { CUT, StandIn } from '@sockshop/testing';
import { setTimeout } from 'node:timers/promises';
import { runShoppers } from '../src/load-test.ts';
import { LOAD, loadOptions } from '../src/options.ts';
import { phasesOf } from '../src/phases.ts';
import { errorRate, summaryOf } from '../src/summary.ts';
import { Tally } from '../src/tally.ts';

jest.setTimeout(60_000); // for a busy machine

/** Visits of a guest at this server, as the phases say. */
async function visits(server: StandIn, phase: string, ...args: string[]): Promise<Tally> {
  const argv = ['--url', server.url, '--think', '0', '--journeys', 'compare', ...args];
  const values = LOAD.parse([...argv, '--seed', '3'], { from: 'user' }).opts();
  const options = loadOptions(values, phasesOf(`phases: [{ ${phase} }]`, 'phases'));
  const tally = new Tally();
  const { signal } = new AbortController();
  await runShoppers(options, tally, signal, signal);
  return tally;
}

const socks = { status: 200, body: [{ id: 'one', price: 5 }] };

/** All that a guest looks at. */
function answer(path: string) {
  if (path === '/catalogue') return socks;
  return path.startsWith('/catalogue/') ? { status: 200, body: { id: 'one' } } : { status: 200 };
}

describe('the open model', () => {
  it('counts latency from the intended start: a server that stalls for a second cannot hide it', async () => {
    let stallsUntil = 0;
    const server = await StandIn.start(async ({ path }, earlier) => {
      if (earlier === 50) stallsUntil = performance.now() + 1000;
      await setTimeout(Math.max(stallsUntil - performance.now(), 0)); // the stall is what is tested
      return answer(path);
    });
    // Fewer shoppers than come in that second: the last ones cannot even ask.
    const tally = await visits(server, 'phase: steady, rate: 40/s, for: 3s', '--shoppers', '30');
    await server.close();
    const { requests, arrivals, errors } = summaryOf(tally, 3000);
    expect(errors).toBe(0);
    expect(requests.p99Ms).toBeGreaterThan(500);
    expect(requests.maxMs).toBeGreaterThan(990);
    expect(arrivals.late).toBeGreaterThan(0);
  });

  it('drops arrivals beyond those at once and as many waiting, and counts each as a failure', async () => {
    const server = await StandIn.start(async ({ path }) => {
      await setTimeout(200); // a slow shop
      return answer(path);
    });
    const tally = await visits(server, 'phase: steady, rate: 100/s, for: 1s', '--shoppers', '3');
    await server.close();
    const summary = summaryOf(tally, 1000);
    const { arrivals, journeys, errors } = summary;
    expect(errors).toBe(0);
    expect(arrivals.dropped).toBeGreaterThan(30);
    expect(journeys.map(({ name, done }) => [name, done])).toEqual([
      ['compare', arrivals.count - arrivals.dropped],
    ]);
    expect(errorRate(summary)).toBeGreaterThan(0.1);
  });

  it('goes on when the shop is unavailable, breaks connections, or answers nonsense', async () => {
    const server = await StandIn.start(({ path }, earlier) => {
      if (earlier % 4 === 1) return CUT;
      if (earlier % 4 === 2) return { status: 200, body: '<html>nonsense' };
      return earlier % 4 === 3 ? { status: 503 } : answer(path);
    });
    const tally = await visits(server, 'phase: steady, rate: 50/s, for: 1s');
    await server.close();
    const { routes, arrivals, journeys } = summaryOf(tally, 1000);
    const statuses = routes.map(({ status }) => status);
    expect(statuses).toEqual(
      expect.arrayContaining(['200 bad body', '503', 'UND_ERR_SOCKET', '200']),
    );
    expect(arrivals.count).toBeGreaterThan(20);
    expect(journeys[0]!.count).toBe(arrivals.count);
    expect(journeys[0]!.failed).toBeGreaterThan(10);
  });

  it('makes the same visits again under the same seed', async () => {
    const paths = async () => {
      const server = await StandIn.start(({ path }) => answer(path));
      await visits(server, 'phase: steady, rate: 40/s, for: 500ms');
      await server.close();
      return server.received.map(({ url }) => url).sort();
    };
    expect(await paths()).toEqual(await paths());
  });
});
