import {
  allShipped,
  Driver,
  type Load,
  measure,
  type Measured,
  type Measurement,
  OwnShop,
  ReferenceServer,
} from '@sockshop/measure';
import type { Say, WayName } from '@sockshop/supervisor';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Facts, factsOf } from './facts.ts';
import type { Journey } from './journeys.ts';
import type { Tracing } from './result.ts';

/** Until its code is compiled, the reference costs several times as much. */
const WARM_REQUESTS = 10_000;

/** What all parts of a run share. */
export interface Run {
  /** Data of its shops. */
  readonly folder: string;
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly say: Say;
  /** What could not be measured, and why: the rest of the run goes on. */
  readonly errors: string[];
}

export interface Variant {
  readonly way: WayName;
  readonly tracing: Tracing;
}

/** A shop of this run, with what drives it. */
export class BenchShop {
  private constructor(
    readonly shop: OwnShop,
    private readonly driver: Driver,
    private readonly referenceServer: ReferenceServer,
    readonly facts: Facts,
    private readonly run: Run,
  ) {}

  /** The data of each variant stay in its folder over the rounds. */
  static async start({ way, tracing }: Variant, run: Run): Promise<BenchShop> {
    const { signal } = run;
    const dir = join(run.folder, `${way}-${tracing}`);
    await mkdir(dir, { recursive: true });
    const env = { OTEL_SDK_DISABLED: tracing === 'off' ? 'true' : '' };
    const shop = await OwnShop.start({ way, dir, env }, signal);
    const driver = new Driver();
    signal.addEventListener('abort', () => void driver.stop(), { once: true });
    const reference = await ReferenceServer.start();
    try {
      await driver.run({ ...referenceLoad(reference, 10), seconds: 60, most: WARM_REQUESTS });
      const facts = await factsOf(shop.url);
      return new BenchShop(shop, driver, reference, facts, run);
    } catch (error) {
      await Promise.all([shop.stop(), driver.stop(), reference.stop()]);
      throw error;
    }
  }

  /** What goes on after the responses is waited for and counted. Undefined where it could not be measured, which is noted. */
  async measure(
    what: string,
    journey: Journey,
    connections: number,
    url = this.shop.url,
  ): Promise<Measurement | undefined> {
    const { seconds } = this.run;
    const { ships, ...load } = journey;
    const since = new Date();
    const most = ships && { most: Math.max(ships.most, connections) };
    const all = { url, connections, seconds, ...load, ...most };
    const settled = () => this.shipped(since);
    const place = `${what}, ${this.shop.way}, ${connections} connections`;
    return orNoted(
      this.run,
      place,
      measureLoad(this.shop, this.driver, all, ships ? settled : undefined),
    );
  }

  /** The reference with as many connections, at this moment. */
  reference(connections: number): Promise<Measurement> {
    const { signal, seconds } = this.run;
    signal.throwIfAborted();
    const load = { ...referenceLoad(this.referenceServer, connections), seconds };
    return measureLoad(this.referenceServer, this.driver, load);
  }

  /** Drives without measuring. */
  async drive(load: Omit<Load, 'url'>): Promise<void> {
    this.run.signal.throwIfAborted();
    const { failures } = await this.driver.run({ url: this.shop.url, ...load });
    const [failure] = Object.keys(failures);
    if (failure !== undefined) throw new Error(`preparing failed: ${failure}`);
  }

  /** Waits for the orders since then. */
  shipped(since: Date): Promise<void> {
    return allShipped(this.shop, since, { signal: this.run.signal });
  }

  async stop(): Promise<void> {
    await Promise.all([this.driver.stop(), this.shop.stop(), this.referenceServer.stop()]);
  }
}

/** Undefined where the work fails, which is noted: the rest of the run goes on. @throws the reason when the run is stopped */
export async function orNoted<T>(
  { signal, errors, say }: Run,
  what: string,
  work: Promise<T>,
): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    signal.throwIfAborted();
    const note = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    errors.push(note);
    say(`  ${note}`);
    return undefined;
  }
}

function referenceLoad({ url }: ReferenceServer, connections: number): Omit<Load, 'seconds'> {
  return { url, connections, variants: [[{ method: 'GET', path: '/', expect: { status: 200 } }]] };
}

function measureLoad(
  measured: Measured,
  driver: Driver,
  load: Load,
  settled?: () => Promise<void>,
): Promise<Measurement> {
  const warmUpSeconds = load.seconds / 2;
  return measure(measured, driver, load, { warmUpSeconds, ...(settled && { settled }) });
}
