import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import { addB3, extractB3, injectB3 } from './b3.ts';
import { BoundedBaggagePropagator } from './baggage.ts';
import type { PropagatorName } from './tracing-config.ts';
import { extractW3C, injectW3C } from './w3c.ts';

/** Options of `TracePropagator`. */
export interface TracePropagatorOptions {
  /** What is written. Default: `tracecontext`, `baggage` and `b3multi`. */
  readonly formats?: readonly PropagatorName[];
  /** Whether a server may join the span of a caller that came in B3. Only tracers of this package do so. */
  readonly joinsSpans?: boolean;
}

/**
 * Always reads W3C and B3, as callers may send either. A valid `traceparent` wins; of B3 beside one only the debug flag counts, if the
 * trace is the same.
 */
export class TracePropagator implements TextMapPropagator {
  private readonly baggage = new BoundedBaggagePropagator();
  private readonly written: ReadonlySet<PropagatorName>;
  private readonly joins: boolean;

  constructor({ formats = DEFAULT_FORMATS, joinsSpans = false }: TracePropagatorOptions = {}) {
    this.written = new Set(formats);
    this.joins = joinsSpans;
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

const DEFAULT_FORMATS: readonly PropagatorName[] = ['tracecontext', 'baggage', 'b3multi'];
