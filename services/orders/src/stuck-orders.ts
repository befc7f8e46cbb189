import { Injectable } from '@nestjs/common';
import type { Context } from '@opentelemetry/api';
import { Telemetry } from '@sockshop/telemetry';
import { untraced } from '@sockshop/tracing';
import type { Task } from './order-status.ts';
import { Upstreams } from './upstreams.ts';

const NEEDS = { pay: 'payment', 'send shipment': 'shipping', 'empty cart': 'carts' } as const;
type Need = (typeof NEEDS)[Task];

/** Most turns that an order loses after an attempt that failed as the one before. */
const MOST_SKIPPED = 7;
/** An order that has not come up for so many sweeps was finished by another instance. */
const FORGOTTEN_AFTER = 10_000;
/** In sweeps. Each order comes up at some instance every fifth or so, which may be the same one only now and then. */
const LATELY = 100;

interface Stuck {
  needs: readonly Need[];
  /** Attempts that left the same tasks, one after the other. */
  attempts: number;
  /** Turns that it still loses. */
  skip: number;
  /** A service that it needs was unavailable since. */
  wasDown: boolean;
  seenIn: number;
  /** That of its first attempt's span: a repeat continues that trace. */
  readonly first: Context;
}

/** `wait`: nothing has changed, so another attempt would fail like the last one. */
export type Turn = 'new' | 'wait' | { readonly repeatOf: Context };

/**
 * The orders whose last attempt left something undone. An attempt is new if it is the order's first, or if a service that it needs was
 * unavailable meanwhile and is back. While one is unavailable there is no attempt, only one request for its health in each sweep. Where
 * all are healthy and the order fails nevertheless, it is tried less and less often.
 */
@Injectable()
export class StuckOrders {
  private readonly stuck = new Map<string, Stuck>();
  private readonly health = new Map<Need, Promise<boolean>>();
  private sweeps = 0;

  constructor(
    private readonly upstreams: Upstreams,
    { metrics }: Telemetry,
  ) {
    metrics.gauge(
      'sockshop.order.unfinished',
      '{order}',
      'Orders whose last attempt to finish them failed',
      () => this.unfinished(),
    );
  }

  beginSweep(): void {
    this.sweeps += 1;
    this.health.clear();
    for (const [id, { seenIn }] of this.stuck)
      if (seenIn < this.sweeps - FORGOTTEN_AFTER) this.stuck.delete(id);
  }

  async turnOf(id: string): Promise<Turn> {
    const order = this.stuck.get(id);
    if (!order) return 'new';
    order.seenIn = this.sweeps;
    const healthy = await Promise.all(order.needs.map((need) => this.isHealthy(need)));
    if (healthy.includes(false)) {
      order.wasDown = true;
      return 'wait';
    }
    if (order.wasDown) return 'new';
    order.skip -= 1;
    return order.skip >= 0 ? 'wait' : { repeatOf: order.first };
  }

  /** Notes how an attempt ended. True when it left what the one before had left. */
  ended(id: string, left: readonly Task[], attempt: Context): boolean {
    const before = this.stuck.get(id);
    if (left.length === 0) {
      this.stuck.delete(id);
      return false;
    }
    const needs = left.map((task) => NEEDS[task]);
    const same = before?.needs.join() === needs.join() ? before : undefined;
    const repeated = same?.wasDown === false ? same : undefined;
    const attempts = (repeated?.attempts ?? 0) + 1;
    this.stuck.set(id, {
      needs,
      attempts,
      skip: Math.min(2 ** (attempts - 1) - 1, MOST_SKIPPED),
      wasDown: false,
      seenIn: this.sweeps,
      first: repeated?.first ?? attempt,
    });
    return same !== undefined;
  }

  /** Of those that came up lately: another instance may have finished one since, which comes up no more. */
  private unfinished(): number {
    const lately = this.sweeps - LATELY;
    return [...this.stuck.values()].filter(({ seenIn }) => seenIn > lately).length;
  }

  /** Once in a sweep. Also original services list what they depend on. */
  private isHealthy(need: Need): Promise<boolean> {
    let asked = this.health.get(need);
    if (!asked) {
      const request = { method: 'GET', path: '/health' } as const;
      asked = untraced(() => this.upstreams[need].request(request)).then(
        (response) => response.status < 500 && !/"status":\s*"err"/.test(response.text()),
        () => false,
      );
      this.health.set(need, asked);
    }
    return asked;
  }
}
