import { CommandError } from '@sockshop/cli';
import { type TraceSpan, Visitor, wholeTrace } from '@sockshop/measure';
import { SERVICE_NAMES } from '@sockshop/parts';
import { until } from './until.ts';

const SOCK = '03fef6ac-1896-4ce8-bd69-b798f85c6e0b'; // Holy, 99.99 dollars

/** A customer with an order, to be looked for later. */
export interface Purchase {
  readonly visitor: Visitor;
  readonly order: string;
  readonly traceId: string;
}

/** As a new customer, up to the shipment. */
export async function purchase(shop: string): Promise<Purchase> {
  const visitor = new Visitor(shop);
  await visitor.signUp();
  await visitor.traced('POST', '/cart', { json: { id: SOCK } });
  const traceId = await visitor.traced('POST', '/orders', { status: 201 });
  const { id: order } = visitor.body as { id: string };
  await shipped({ visitor, order, traceId });
  return { visitor, order, traceId };
}

/** Until the order is SHIPPED: the message went through the broker and back. */
export async function shipped({ visitor, order }: Purchase): Promise<void> {
  await until(
    async () => {
      await visitor.traced('GET', `/orders/${order}`);
      return (visitor.body as { status?: string }).status;
    },
    (status) => status === 'SHIPPED',
    `order ${order} shipped`,
  );
}

/** The spans of the order, which every service but catalogue must have part in. */
export async function traceOf(zipkin: string, traceId: string): Promise<readonly TraceSpan[]> {
  const trace = await wholeTrace(zipkin, traceId);
  const there = new Set(trace.map(({ localEndpoint }) => localEndpoint.serviceName));
  const missing = SERVICE_NAMES.filter((name) => name !== 'catalogue' && !there.has(name));
  if (missing.length > 0) throw new CommandError(`trace ${traceId} lacks ${missing.join(', ')}`);
  return trace;
}
