import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import { W3CBaggagePropagator } from '@opentelemetry/core';
import { addB3, extractB3, injectB3 } from './b3.ts';
import type { PropagatorName } from './tracing-config.ts';
import { extractW3C, injectW3C } from './w3c.ts';

/**
 * Always reads W3C and B3, as an original service beside ours may send either. A valid `traceparent` wins; of B3 beside
 * one only the debug flag counts, if the trace is the same.
 * Writes the formats that `OTEL_PROPAGATORS` names.
 */
export class ShopPropagator implements TextMapPropagator {
  private readonly baggage = new W3CBaggagePropagator();
  private readonly written: ReadonlySet<PropagatorName>;

  /** `joins`: a server may join a caller's span that came in B3. */
  constructor(
    written: readonly PropagatorName[],
    private readonly joins = false,
  ) {
    this.written = new Set(written);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const withBaggage = this.baggage.extract(context, carrier, getter);
    const w3c = extractW3C(withBaggage, carrier, getter);
    return w3c ? addB3(w3c, carrier, getter, this.joins) : extractB3(withBaggage, carrier, getter);
  }

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    if (this.written.has('tracecontext')) injectW3C(context, carrier, setter);
    if (this.written.has('baggage')) this.baggage.inject(context, carrier, setter);
    if (this.written.has('b3')) injectB3(context, carrier, setter, 'single');
    if (this.written.has('b3multi')) injectB3(context, carrier, setter, 'multi');
  }

  fields(): string[] {
    const b3 = ['b3', 'x-b3-traceid', 'x-b3-spanid', 'x-b3-sampled', 'x-b3-flags'];
    return ['traceparent', 'tracestate', ...this.baggage.fields(), ...b3];
  }
}
