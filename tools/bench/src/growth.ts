import { join } from 'node:path';
import type { Measurement } from '@sockshop/measure';
import type { Say, WayName } from '@sockshop/supervisor';
import { BenchShop, orNoted, type Run } from './bench-shop.ts';
import { lineOf } from './grid.ts';
import {
  add,
  CLEAR,
  customerWith,
  type Journey,
  journey,
  logIn,
  ORDER,
  signUp,
} from './journeys.ts';
import type { BenchOptions } from './options.ts';
import { orderTrace } from './order-trace.ts';
import type { OrderTrace, Point, Result, Series } from './result.ts';
import { seededSock, seedSocks } from './seed-socks.ts';
import { seedOrders } from './seed-orders.ts';
import { rounded } from './spread.ts';

const ORDERS = [10, 100, 1000, 10_000];
const SOCKS = [10, 100, 1000, 10_000, 100_000];
const LINES = [1, 10, 100, 1000];
const SHOPPERS = [1, 10, 100, 1000];
/** Lines of the orders whose traces are counted: payment declines dearer ones. */
const ORDER_LINES = [1, 10, 50];
/** With so many socks there is one for each line. */
const SOCKS_FOR_LINES = 10_000;
/** Orders of a customer who has many: enough for a figure, and the number of theirs stays about the same. */
const FEW_ORDERS = 20;

type Growth = Pick<Result, 'growth' | 'orderTraces'>;

/** One shop of each way, traced, with a growing store. */
export async function measureGrowth({ ways }: BenchOptions, run: Run): Promise<Growth> {
  const all: Growth = { growth: [], orderTraces: [] };
  for (const way of ways) {
    const growth = new GrowthRun(way, run.say);
    await orNoted(run, `growth, ${way}`, measureWay(way, growth, run));
    all.growth.push(...growth.series.values());
    all.orderTraces.push(...growth.traces);
  }
  return all;
}

async function measureWay(way: WayName, growth: GrowthRun, run: Run): Promise<void> {
  const own = { ...run, folder: join(run.folder, 'growth') };
  const start = () => BenchShop.start({ way, tracing: 'on' }, own);
  let bench = await start();
  try {
    await orNoted(run, 'orders', growth.orders(bench));
    await orNoted(run, 'shoppers', growth.shoppers(bench));
    for (const socks of SOCKS) {
      run.say(`growth, ${way}: ${socks} socks`);
      await seedSocks(bench.shop, socks);
      await bench.stop(); // a catalogue may keep what it has read: no one writes socks while it runs
      bench = await start();
      await orNoted(run, `${socks} socks`, growth.socks(bench, socks));
      if (socks === SOCKS_FOR_LINES) await orNoted(run, 'lines', growth.lines(bench));
    }
  } finally {
    await bench.stop();
  }
}

class GrowthRun {
  readonly series = new Map<string, Series>();
  readonly traces: OrderTrace[] = [];
  /** Of the number that is measured now, in ms. */
  private reference = { at: '', ms: 0 };

  constructor(
    private readonly way: WayName,
    private readonly say: Say,
  ) {}

  async orders(bench: BenchShop): Promise<void> {
    const [sock] = bench.facts.socks;
    for (const orders of ORDERS) {
      this.say(`growth, ${this.way}: a customer with ${orders} orders`);
      await seedOrders(bench, orders);
      const customer = { session: `orders-${orders}`, setUp: [logIn(customerWith(orders))] };
      const list = {
        method: 'GET',
        path: '/orders',
        expect: { status: 201, elements: 1 },
      } as const;
      const flow = [CLEAR, add(sock?.id ?? ''), ORDER];
      const of = 'orders of a customer';
      const listing = { ...customer, variants: [[list]] };
      const ordering = { ...customer, variants: [flow], ships: { most: FEW_ORDERS } };
      await this.point(bench, { of, request: 'GET /orders', expected: 'flat' }, orders, listing);
      await this.point(bench, { of, request: 'order flow', expected: 'flat' }, orders, ordering);
    }
  }

  /** Guests, each with a cart of its own: a thousand accounts would take minutes to make. */
  async shoppers(bench: BenchShop): Promise<void> {
    const of = 'shoppers at the same time';
    const list = journey('catalogue', bench.facts);
    const variants = bench.facts.socks.map(({ id }) => [add(id)]);
    const fill = { session: 'guests', variants };
    for (const shoppers of SHOPPERS) {
      const reading = { of, request: 'GET /catalogue', expected: 'flat' } as const;
      await this.point(bench, reading, shoppers, list, shoppers);
      const adding = { of, request: 'POST /cart', expected: 'flat' } as const;
      await this.point(bench, adding, shoppers, fill, shoppers);
    }
  }

  async socks(bench: BenchShop, socks: number): Promise<void> {
    const get = async (request: string, path: string, expected: Series['expected']) => {
      const variants = [[{ method: 'GET', path, expect: { status: 200 } } as const]];
      await this.point(bench, { of: 'socks', request, expected }, socks, { variants });
    };
    const id = bench.facts.socks[0]?.id ?? '';
    await get('GET /catalogue', '/catalogue', 'flat');
    await get('GET /catalogue/{id}', `/catalogue/${id}`, 'flat');
    await get('GET /catalogue?sort=price', '/catalogue?sort=price', 'linear');
    await get('GET /catalogue?tags=brown', '/catalogue?tags=brown', 'linear');
    await get('GET /catalogue?q=benchmark', '/catalogue?q=benchmark', 'linear');
  }

  async lines(bench: BenchShop): Promise<void> {
    const { session, setUp } = { session: 'lines', setUp: signUp('bench-{run}-lines') };
    const ids = Array.from({ length: LINES.at(-1) ?? 0 }, (_, nth) => seededSock(nth));
    const of = 'lines of a cart';
    let filled = 0;
    for (const lines of LINES) {
      this.say(`growth, ${this.way}: a cart with ${lines} lines`);
      const missing = ids.slice(filled, lines).map((id) => [add(id)]);
      const fill = { connections: 1, seconds: Infinity, most: missing.length, variants: missing };
      await bench.drive({ ...fill, session, setUp });
      filled = lines;
      const list = {
        method: 'GET',
        path: '/cart',
        expect: { status: 200, elements: lines },
      } as const;
      const more = ids.slice(0, lines).map((id) => [add(id)]);
      const reading = { session, setUp, variants: [[list]] };
      const adding = { session, setUp, variants: more };
      await this.point(bench, { of, request: 'GET /cart', expected: 'linear' }, lines, reading);
      await this.point(bench, { of, request: 'POST /cart', expected: 'flat' }, lines, adding);
    }
    for (const lines of ORDER_LINES) {
      const trace = await orderTrace(bench, ids.slice(0, lines));
      this.say(`  order of ${lines} lines: ${trace.spans} spans`);
      this.traces.push(trace);
    }
  }

  private async point(
    bench: BenchShop,
    about: Omit<Series, 'way' | 'points'>,
    n: number,
    load: Journey,
    connections = 1,
  ): Promise<void> {
    const at = `${about.of} ${n}`;
    if (this.reference.at !== at)
      this.reference = { at, ms: (await bench.reference(connections)).totalMs };
    const what = `${about.request} with ${n} ${about.of}`;
    const measurement = await bench.measure(what, load, connections);
    if (!measurement) return;
    const ratio = measurement.totalMs / this.reference.ms;
    this.say(`  ${about.request}: ${lineOf({ ...measurement, ratio })}`);
    const key = `${about.of} ${about.request}`;
    const series = this.series.get(key) ?? { way: this.way, ...about, points: [] };
    this.series.set(key, series);
    series.points.push(pointOf(n, measurement, ratio));
  }
}

function pointOf(n: number, { totalMs, latency, failures }: Measurement, ratio: number): Point {
  const { p50, p99 } = latency;
  return {
    n,
    cpuMs: rounded(totalMs),
    ratio: rounded(ratio),
    p50: rounded(p50),
    p99: rounded(p99),
    failures,
  };
}
