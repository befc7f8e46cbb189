import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { OwnShop } from '@sockshop/measure';
import { newCustomer, orderOnce, RunningProcess } from '@sockshop/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { growths, type ProcessGrowth, restarted } from '../src/findings.ts';
import { reportOf } from '../src/report.ts';
import { type Sample, sample } from '../src/sampler.ts';
import { stored } from '../src/stored.ts';
import { WatchedShop } from '../src/watched-shop.ts';

jest.setTimeout(120_000);

/** At least: enough for twenty windows. */
const LOOKS = 60;
const LEAST_COLLECTIONS = 15;
/** Taken as the time between two looks, so that the test need not wait. */
const EVERY_MS = 5000;
const LOOKS_PER_HOUR = 3_600_000 / EVERY_MS;
const LIMITS = { mibPerHour: 8, filesPerHour: 30 };
const nothing = { before: { bytes: {}, documents: {} }, after: { bytes: {}, documents: {} } };

/** A process that keeps so many bytes of each request for ever, after fifty requests; one look a request. */
async function watchedProcess(leakBytes: number): Promise<Sample[]> {
  const program = new RunningProcess([
    // As the shop's own processes: with Node's defaults so small a heap is hardly ever collected as a whole.
    ...['--max-semi-space-size=1', '--heap-growing-percent=20', '--optimize-for-size'],
    join(import.meta.dirname, 'leaking-program.ts'),
    String(leakBytes),
  ]);
  try {
    const [, port = ''] = await program.said(/port (\d+)/);
    const url = `http://127.0.0.1:${port}`;
    const pid = program.pid;
    const watched = {
      processes: () => new Map([['leaking', pid]]),
      services: () => [{ name: 'leaking', process: 'leaking', url }],
    };
    const request = async (): Promise<void> => {
      await (await fetch(url)).arrayBuffer();
    };
    for (let nth = 0; nth < 50; nth++) await request();
    const samples: Sample[] = [];
    while (samples.length < LOOKS || collections(samples) < LEAST_COLLECTIONS) {
      await request();
      samples.push(await sample(watched, samples.length * EVERY_MS));
    }
    return samples;
  } finally {
    await program.stop('SIGKILL');
  }
}

function collections(samples: readonly Sample[]): number {
  const of = (each: Sample | undefined) => each?.processes['leaking']?.collections ?? 0;
  return of(samples.at(-1)) - of(samples[0]);
}

function heapOf(samples: readonly Sample[]): ProcessGrowth {
  return growths(samples, LIMITS).find(({ figure }) => figure === 'heap')!;
}

describe('npm run soak', () => {
  it('names a process that leaks, with about the size of its leak', async () => {
    const samples = await watchedProcess(64 * 1024);
    const { growth, grows } = heapOf(samples);
    const expected = LOOKS_PER_HOUR / 16; // MiB
    expect(grows).toBe(true);
    expect(growth.slope / expected).toBeGreaterThan(0.85);
    expect(growth.slope / expected).toBeLessThan(1.2);
    const report = reportOf({
      warm: samples,
      growths: growths(samples, LIMITS),
      restarted: [],
      stored: nothing,
    });
    expect(report.failed).toBe(true);
    expect(report.text).toMatch(/^LEAK: leaking: its heap grows by \d+\.\d MiB an hour \(/m);
  });

  it('names no process whose heap only rises until it is collected', async () => {
    const samples = await watchedProcess(0);
    const heap = samples.map(({ processes }) => processes['leaking']?.heapBytes ?? 0);
    expect(Math.max(...heap) - Math.min(...heap)).toBeGreaterThan(2 * 1024 * 1024); // the saw
    expect(heapOf(samples).grows).toBe(false);
  });

  it('names a process that was started again', () => {
    const at = (pid: number): Sample => ({
      ...{ atMs: 0, requests: 0, orders: 0, queued: 0 },
      processes: { orders: { pid, rssKiB: 1, pssKiB: 1, files: 1 } },
    });
    expect(restarted([at(1), at(1)])).toEqual([]);
    expect(restarted([at(1), at(2)])).toEqual(['orders']);
    const outcome = { warm: [at(2)], growths: [], restarted: ['orders'], stored: nothing };
    const { failed, text } = reportOf(outcome);
    expect([failed, text]).toEqual([
      true,
      expect.stringContaining('orders ended or was started again'),
    ]);
  });
});

describe('a look at a shop', () => {
  const dir = mkdtempSync(join(tmpdir(), 'sock-shop-soak-test-'));
  afterAll(() => {
    rmSync(dir, { recursive: true });
  });

  it('has memory, files, event loop, requests, orders and what is stored', async () => {
    const shop = await OwnShop.start({ way: 'embedded', dir });
    try {
      const watched = WatchedShop.running(dir);
      const { documents: before } = await stored(watched);
      const socks = (await (await fetch(`${shop.url}/catalogue`)).json()) as { id: string }[];
      const customer = await newCustomer(shop.url, { cart: [socks[0]!.id] });
      await orderOnce(customer, 'once');
      const { processes, orders, requests } = await sample(watched);
      expect(Object.keys(processes)).toEqual(['shop']);
      const { pssKiB, files, heapBytes, handles, loopP99Ms } = processes['shop']!;
      expect(pssKiB).toBeGreaterThan(50 * 1024);
      for (const figure of [files, heapBytes, handles, loopP99Ms])
        expect(figure).toBeGreaterThan(0);
      expect([orders, requests]).toEqual([1, 6]);
      const { bytes, documents } = await stored(watched);
      expect(Object.keys(bytes).sort()).toEqual([
        'carts.db',
        'catalogue.db',
        'orders.db',
        'user.db',
      ]);
      expect(documents['orders.customer_order']! - before['orders.customer_order']!).toBe(1);
    } finally {
      await shop.stop();
    }
  });
});
