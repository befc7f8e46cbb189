import { Injectable } from '@nestjs/common';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { JsonLog, ShopError } from '@sockshop/service';
import { semconv } from '@sockshop/tracing';
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { OrdersConfig } from './config.ts';
import { Fulfilment, PaymentDeclinedError } from './fulfilment.ts';
import { type Order, type OrderItem, totalOf, wasPlaced } from './order.ts';
import { OrderDocumentsReader } from './order-documents.ts';
import { InvalidOrderError, type OrderSources } from './order-request.ts';
import { OrderStore } from './order-store.ts';

/** Time between two looks at an order that another request is placing. */
const LOOK_AGAIN_MS = 50;

@Injectable()
export class OrdersService {
  constructor(
    private readonly config: OrdersConfig,
    private readonly store: OrderStore,
    private readonly documents: OrderDocumentsReader,
    private readonly fulfilment: Fulfilment,
    private readonly log: JsonLog,
  ) {}

  /**
   * Places an order. With an idempotency key, a repeat gets the first answer: what counts as the same is customer and key, and the
   * cart must not hold anything but what is left of the order's own lines.
   */
  async place(sources: OrderSources, clientKey: string | undefined): Promise<Order> {
    const key = clientKey === undefined ? undefined : `${sources.customerId}:${clientKey}`;
    const deadline = Date.now() + this.config.repeatWaitMs;
    for (;;) {
      const earlier = key === undefined ? undefined : await this.store.byKey(key);
      if (earlier) {
        if (wasPlaced(earlier.status)) return await this.repeated(earlier, sources);
        if (Date.now() > deadline) {
          const headers = { 'retry-after': '1' };
          throw new ShopError(409, 'an order with this idempotency key is being placed', {
            headers,
          });
        }
        await wait(LOOK_AGAIN_MS);
      } else {
        const order = await this.create(sources, key);
        if (order) return await this.finish(order);
      }
    }
  }

  /** Stores the order before anything is asked of payment; undefined when a parallel request was faster with the same key. */
  private async create(sources: OrderSources, key: string | undefined): Promise<Order | undefined> {
    const documents = await this.documents.read(sources);
    if (documents.items.length === 0 && !this.config.allowEmptyOrders) {
      throw new InvalidOrderError('Invalid order request. The cart is empty.');
    }
    const now = new Date();
    const order = {
      ...documents,
      id: newId(now),
      shipment: { id: randomUUID(), name: documents.customerId },
      date: now,
      total: totalOf(documents.items),
      cartId: sources.cartId,
    };
    trace.getActiveSpan()?.setAttribute(semconv.SOCKSHOP_ORDER_ID, order.id);
    if (!(await this.store.insert(order, key))) return undefined;
    return { ...order, status: 'CREATED', history: [], cartTaken: false };
  }

  private async finish(order: Order): Promise<Order> {
    try {
      const paid = await this.fulfilment.pay(order);
      const placed = await this.fulfilment.fulfil(paid);
      this.log.log('order placed', { orderId: order.id, amount: order.total });
      return placed;
    } catch (error) {
      if (!(error instanceof PaymentDeclinedError)) await this.cancel(order);
      throw error;
    }
  }

  /** The caller is about to be told 503: the order must not come into being behind its back. */
  private async cancel(order: Order): Promise<void> {
    try {
      await this.store.advance(order.id, 'CANCELLED', new Date());
    } catch (error) {
      // The store is away too. The sweep will find the order as it stands, and a repeat with the same key will get it.
      this.log.warn('order not cancelled', { orderId: order.id, error });
      trace.getActiveSpan()?.setStatus({ code: SpanStatusCode.ERROR });
    }
  }

  private async repeated(earlier: Order, { cartId }: OrderSources): Promise<Order> {
    const now = await this.documents.items(cartId).catch((): OrderItem[] => []);
    if (earlier.cartId !== cartId || !now.every((line) => isLeftOver(line, earlier.items))) {
      throw new ShopError(422, 'this idempotency key was used for another basket');
    }
    return earlier;
  }
}

/** A line of the order that was not yet taken from the cart, or not wholly. */
function isLeftOver(line: OrderItem, ordered: readonly OrderItem[]): boolean {
  return ordered.some(({ id, quantity }) => id === line.id && line.quantity <= quantity);
}

/** Like MongoDB's ids: seconds, then chance. */
function newId(now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000)
    .toString(16)
    .padStart(8, '0');
  return seconds + randomBytes(8).toString('hex');
}
