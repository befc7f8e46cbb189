import { CommandError } from '@sockshop/cli';
import type { Random } from '@sockshop/loadtest';
import type { ProcessId } from '@sockshop/supervisor';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, nameOf } from './faults.ts';
import type { Probe } from './probe.ts';
import type { RunningShop } from './running-shop.ts';
import type { Shoppers } from './shoppers.ts';

/** Of a pause. */
const PAUSE_MS = 10_000;
/** One fault hits its parts so often at most, until enough orders came. */
const MOST_HITS = { kill: 3, pause: 1 };
/** How long a part may stay down, and how long enough orders may take. After that the run fails. */
const PATIENCE_MS = 180_000;

/** What one fault did to the shop. */
export interface FaultResult {
  readonly fault: Fault;
  /** From the first hit to the end of the wait for orders, in ms since 1970. */
  readonly from: number;
  readonly to: number;
  readonly hits: number;
  /** The longest time from a hit until the parts ran again. */
  readonly downMs: number;
  /** The longest time from then until each gave a good answer. */
  readonly recoveryMs: number;
  /** Processes that ended although they were not hit. */
  readonly bystanders: readonly string[];
}

/** A part or the orders did not come back; the message says which. */
export class ChaosError extends CommandError {
  override readonly name = 'ChaosError';
}

export class Injector {
  constructor(
    private readonly shop: RunningShop,
    private readonly shoppers: Shoppers,
    private readonly probe: Probe,
    private readonly random: Random,
  ) {}

  /** Hits the parts until `orders` were acknowledged since the first hit, and waits for the parts and the orders. */
  async inject(fault: Fault, orders: number): Promise<FaultResult> {
    const before = this.shop.processes();
    const from = Date.now();
    let hits = 0;
    let downMs = 0;
    let recoveryMs = 0;
    do {
      const hit = fault.action === 'kill' ? await this.kill(fault) : await this.pause(fault);
      const goodAt = await this.good(fault);
      hits++;
      downMs = Math.max(downMs, hit.backAt - hit.at);
      recoveryMs = Math.max(recoveryMs, goodAt - hit.backAt);
      await sleep(this.random.between(300, 1500));
    } while (hits < MOST_HITS[fault.action] && (await this.acknowledged(from)) < orders);
    await this.until(`${orders} orders during ${nameOf(fault)}`, async () => {
      return (await this.acknowledged(from)) >= orders;
    });
    const bystanders = this.changed(before, fault);
    return { fault, from, to: Date.now(), hits, downMs, recoveryMs, bystanders };
  }

  private async kill({ parts }: Fault): Promise<{ at: number; backAt: number }> {
    const killed = parts.map((name) => this.shop.part(name).process);
    const at = Date.now();
    for (const process of killed) signal(process, 'SIGKILL');
    await this.until(`${parts.join(' and ')} to run again`, () => {
      const now = this.shop.processes();
      return parts.every((name, index) => {
        const { pid } = now.get(name) ?? {};
        return pid !== undefined && pid !== killed[index]?.pid;
      });
    });
    return { at, backAt: Date.now() };
  }

  private async pause({ parts }: Fault): Promise<{ at: number; backAt: number }> {
    const paused = parts.map((name) => this.shop.part(name).process);
    const at = Date.now();
    try {
      for (const process of paused) signal(process, 'SIGSTOP');
      await sleep(PAUSE_MS);
    } finally {
      for (const process of paused) signal(process, 'SIGCONT');
    }
    return { at, backAt: Date.now() };
  }

  private async good({ parts }: Fault): Promise<number> {
    await this.until(`good answers of ${parts.join(' and ')}`, async () => {
      const good = await Promise.all(parts.map((name) => this.probe.isGood(name)));
      return good.every(Boolean);
    });
    return Date.now();
  }

  private async acknowledged(since: number): Promise<number> {
    await this.shoppers.journal.read();
    return this.shoppers.journal.acknowledgedSince(since);
  }

  /** The port mapper beside RabbitMQ goes and comes with it. */
  private changed(before: ReadonlyMap<string, ProcessId>, { action, parts }: Fault): string[] {
    const now = this.shop.processes();
    const hit =
      action === 'kill' ? [...parts, ...(parts.includes('rabbitmq') ? ['epmd'] : [])] : [];
    return [...before]
      .filter(([name, { pid, start }]) => {
        const process = now.get(name);
        return !hit.includes(name) && (process?.pid !== pid || process.start !== start);
      })
      .map(([name]) => name);
  }

  private async until(what: string, fact: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await fact())) {
      if (!this.shoppers.shopping) throw new ChaosError('the shoppers have gone');
      if (Date.now() > deadline)
        throw new ChaosError(`waited ${PATIENCE_MS / 1000} s in vain for ${what}`);
      await sleep(25);
    }
  }
}

/** To the whole group: a broker is several processes. */
function signal(id: ProcessId | undefined, name: NodeJS.Signals): void {
  if (id) process.kill(-id.pid, name);
}
