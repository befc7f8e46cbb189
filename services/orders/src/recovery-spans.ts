import {
  type Context,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  trace,
} from '@opentelemetry/api';
import { shop, type Telemetry } from '@sockshop/telemetry';
import { context, failSpan, inSpan } from '@sockshop/tracing';
import type { Order } from './order.ts';
import type { Turn } from './stuck-orders.ts';

/** `link`: the spans of recovered orders are below one of their sweep, linked to the orders' creation. `continue`: they are in the trace of that. */
export type RecoveryTrace = 'link' | 'continue';

/** The spans of one sweep. It has a root only if it did something new. */
export class RecoverySpans {
  private root: Span | undefined;

  constructor(
    private readonly telemetry: Telemetry,
    private readonly mode: RecoveryTrace,
  ) {}

  /** The span of one order, whose context `work` gets. It fails if `work` does. */
  async recover(
    order: Order,
    turn: Exclude<Turn, 'wait'>,
    work: (attempt: Context) => Promise<void>,
  ): Promise<void> {
    const created = order.createdIn && this.telemetry.extract(order.createdIn);
    const continued = this.mode === 'continue' ? created : undefined;
    const around = turn === 'new' ? this.sweep : () => turn.repeatOf;
    const parent = continued ?? carrying(around(), created);
    const attributes = {
      [shop.ORDER_ID]: order.id,
      [shop.ORDER_STATUS]: order.status,
    };
    const options = { attributes, links: continued ? [] : linksTo(created) };
    try {
      await context.with(parent, () =>
        inSpan(this.telemetry, 'recover order', options, () => work(context.active())),
      );
    } catch (error) {
      if (this.root) failSpan(this.root, error);
      throw error;
    }
  }

  end(): void {
    this.root?.end();
  }

  private readonly sweep = (): Context => {
    const outside = this.telemetry.enter(ROOT_CONTEXT);
    this.root ??= this.telemetry.tracer.startSpan('recover orders', {}, outside);
    return trace.setSpan(outside, this.root);
  };
}

/** With the customer of the order in the baggage, as in its creation. */
function carrying(from: Context, created: Context | undefined): Context {
  const baggage = created && propagation.getBaggage(created);
  return baggage ? propagation.setBaggage(from, baggage) : from;
}

function linksTo(created: Context | undefined): Link[] {
  const creation = created && trace.getSpanContext(created);
  return creation ? [{ context: creation }] : [];
}
