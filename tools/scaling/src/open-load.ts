import { journey } from '@sockshop/bench';
import type { BenchShop } from '@sockshop/bench';
import { latencyOf, type Step } from '@sockshop/measure';
import { CookieJar, Random } from '@sockshop/loadtest';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Check } from './costs.ts';

/** Enough that a request waits for the shop and never for a connection, as long as the shop keeps up. */
const CONNECTIONS = 200;
/** Each has a cart of its own, so no flow disturbs another. */
const CUSTOMERS = 100;

/** Sends flows at a rate: their times are random and do not depend on what became of those before. Latency counts from these times. */
export class OpenLoad {
  private readonly pool: Pool;
  private readonly free: CookieJar[] = [];
  private readonly variants: readonly (readonly Step[])[];

  private constructor(
    bench: BenchShop,
    name: 'catalogue' | 'order',
    private readonly seed: number,
  ) {
    this.pool = new Pool(bench.shop.url, { connections: CONNECTIONS });
    this.variants = journey(name, bench.facts).variants;
  }

  /** With customers where the journey needs them. */
  static async prepare(
    bench: BenchShop,
    name: 'catalogue' | 'order',
    seed: number,
  ): Promise<OpenLoad> {
    const load = new OpenLoad(bench, name, seed);
    const { setUp = [] } = journey(name, bench.facts);
    for (let nth = 0; nth < CUSTOMERS; nth++) {
      const jar = new CookieJar();
      for (const step of setUp) await load.send(step, jar, `open-${seed}-${nth}`);
      load.free.push(jar);
    }
    return load;
  }

  async run(ratePerSecond: number, seconds: number): Promise<Check> {
    const random = new Random(this.seed);
    const latencies: number[] = [];
    const running = new Set<Promise<void>>();
    let failures = 0;
    const flow = async (at: number, nth: number): Promise<void> => {
      const jar = this.free.pop() ?? new CookieJar(); // without a customer an order fails, and is counted
      try {
        for (const step of this.variants[nth % this.variants.length] ?? [])
          await this.send(step, jar, '');
        latencies.push(performance.now() - at);
      } catch {
        failures++;
      }
      this.free.push(jar);
    };
    const before = process.cpuUsage();
    const startedAt = performance.now();
    let at = startedAt;
    for (let nth = 0; ; nth++) {
      at -= (1000 / ratePerSecond) * Math.log(1 - random.next());
      if (at > startedAt + seconds * 1000) break;
      const early = at - performance.now();
      if (early > 0) await sleep(early);
      const one = flow(at, nth).finally(() => running.delete(one));
      running.add(one);
    }
    await Promise.all(running);
    const tookMs = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(before);
    const { p50, p95 } = latencyOf(Float64Array.from(latencies));
    const count = latencies.length;
    return {
      ratePerSecond,
      throughputPerSecond: (count * 1000) / Math.max(tookMs, seconds * 1000),
      meanMs: latencies.reduce((sum, each) => sum + each, 0) / count,
      ...{ p50Ms: p50, p95Ms: p95 },
      generatorCpuMs: (user + system) / 1000 / Math.max(1, count),
      failures,
    };
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  private async send(
    { method, path, json, expect }: Step,
    jar: CookieJar,
    name: string,
  ): Promise<void> {
    const text =
      json === undefined
        ? null
        : JSON.stringify(json).replaceAll(/bench-\{run\}-\{connection\}/g, name);
    const response = await this.pool.request({
      method,
      path,
      headers: { ...jar.header(), ...(text !== null && { 'content-type': 'application/json' }) },
      body: text,
    });
    await response.body.dump();
    jar.take(response.headers['set-cookie']);
    if (response.statusCode !== expect.status)
      throw new Error(`${method} ${path} answered ${response.statusCode}`);
  }
}
