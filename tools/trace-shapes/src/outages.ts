import { OwnShop, type OwnShopOptions, Visitor, wholeTrace } from '@sockshop/measure';
import { type ProcessId, runs } from '@sockshop/supervisor';
import { socksOf } from './journeys.ts';
import type { RecordedJourney } from './recorded-run.ts';
import { recovery } from './recovery.ts';

/** Journeys that need a shop of our own: something in it ends. */
export const OUTAGES = ['order-queue-down', 'order-recovered'] as const;

/** For the sweep to come soon, but not before a call can have ended, and for a shipment not to be done before the kill. */
export const OUTAGE_SETTINGS = {
  SWEEP_INTERVAL_MS: '500',
  SWEEP_AFTER_MS: '5000',
  SHIPPING_DURATION_MS: '3000',
};

/**
 * An order while RabbitMQ is down, whose shipment the sweep sends after orders was killed and all is back. In one process the queue cannot
 * be down: there the process is killed before the shipment is done. `shop` may be another one afterwards.
 */
export async function outages(
  shop: OwnShop,
  again: OwnShopOptions,
): Promise<{ readonly shop: OwnShop; readonly journeys: readonly RecordedJourney[] }> {
  const visitor = new Visitor(shop.url);
  const { cheap } = await socksOf(visitor);
  await visitor.signUp();
  await visitor.traced('POST', '/cart', { json: { id: cheap } });
  if (shop.way === 'embedded') {
    await visitor.traced('POST', '/orders');
    for (const process of shop.processIds().values()) kill(process);
    await shop.stop();
    const next = await OwnShop.start(again);
    const recovered = await recovery(next.tracesUrl, idOf(visitor));
    return { shop: next, journeys: [{ journey: 'order-recovered', rounds: [[recovered]] }] };
  }
  kill(shop.part('rabbitmq').process);
  const traceId = await visitor.traced('POST', '/orders');
  const id = idOf(visitor);
  const down = await wholeTrace(shop.tracesUrl, traceId); // a process that is killed loses its last spans
  kill(shop.part('orders').process);
  const recovered = await recovery(shop.tracesUrl, id);
  return {
    shop,
    journeys: [
      { journey: 'order-queue-down', rounds: [[down]] },
      { journey: 'order-recovered', rounds: [[recovered]] },
    ],
  };
}

function kill(its: ProcessId | undefined): void {
  if (its && runs(its)) process.kill(its.pid, 'SIGKILL');
}

function idOf({ body }: Visitor): string {
  return (body as { id: string }).id;
}
