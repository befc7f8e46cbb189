import {
  type Context,
  INVALID_SPAN_CONTEXT,
  propagation,
  type Span,
  type SpanOptions,
  type TextMapPropagator,
  trace,
  type Tracer,
  type TracerOptions,
  type TracerProvider,
} from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { ActiveSpans } from './active-span.ts';
import { context, globalApi } from './context.ts';

/** Name and version of what makes spans, as `trace.getTracer()` takes them. */
export interface Scope {
  readonly name: string;
  readonly version?: string;
  readonly schemaUrl?: string;
}

/** The service that spans and calls of this context belong to. */
export type OwnerOf = (
  from: Context,
) => { tracerOf(scope: Scope): Tracer; readonly propagator: TextMapPropagator } | undefined;

/** Marks a provider of ours for other copies of this package in the process: it is no agent. */
const OURS = Symbol.for('@sockshop/tracing: provider of services');

let ours: TracerProvider | undefined;

/** The provider of an agent or an SDK that was started before; undefined without one. */
export function foreignProvider(): TracerProvider | undefined {
  const registered = globalApi()?.trace;
  return registered && !isOurs(registered) ? registered : undefined;
}

/** The API registers its proxy of a provider. */
interface Registered extends TracerProvider {
  getDelegate?: () => object;
  setDelegate?: (to: TracerProvider) => void;
}

function isOurs(registered: Registered): boolean {
  return OURS in (registered.getDelegate?.() ?? registered);
}

/**
 * Passes the agent to code that uses our copy of the API, as applications do. A copy that is newer than the agent's sees none.
 * Returns the agent's version of the API then, else undefined.
 */
export function showAgent(agent: TracerProvider): string | undefined {
  const seen = trace.getTracerProvider();
  if (seen === agent) return undefined;
  (seen as { setDelegate?: (to: TracerProvider) => void }).setDelegate?.(agent); // the API's own, until a provider is registered
  return globalApi()?.version;
}

/**
 * Makes `trace.getTracer()` record into the service that `ownerOf` finds, and `propagation.inject()` write its formats, unless the process
 * has a provider.
 */
export function registerServiceProvider(ownerOf: OwnerOf): void {
  if (ours !== undefined || foreignProvider() !== undefined) return;
  const provider = {
    [OURS]: true,
    getTracer: (name: string, version?: string, options?: TracerOptions) =>
      new OwnersTracer(ownerOf, {
        name,
        ...(version !== undefined && { version }),
        ...(options?.schemaUrl !== undefined && { schemaUrl: options.schemaUrl }),
      }),
  };
  ours = provider;
  const api = globalApi();
  const earlier: Registered | undefined = api?.trace;
  if (earlier) {
    propagation.disable(); // an earlier copy's, whose code was replaced
    if (earlier.setDelegate) earlier.setDelegate(provider);
    else if (api) api.trace = provider;
  } else if (!trace.setGlobalTracerProvider(provider) && api) {
    api.trace = provider; // the object is of another version, which the API refuses
  }
  propagation.setGlobalPropagator(ownersPropagator(ownerOf));
}

/** Headers of other code's calls; a call with a span of ours has its headers already. */
function ownersPropagator(ownerOf: OwnerOf): TextMapPropagator {
  return {
    inject(from, carrier, setter) {
      if (!isTracingSuppressed(from)) ownerOf(from)?.propagator.inject(from, carrier, setter);
    },
    extract: (from, carrier, getter) =>
      ownerOf(from)?.propagator.extract(from, carrier, getter) ?? from,
    fields: () => ownerOf(context.active())?.propagator.fields() ?? [],
  };
}

/** Starts each span with the tracer of the service whose context it begins in. */
class OwnersTracer extends ActiveSpans {
  private readonly tracers = new WeakMap<object, Tracer>();

  constructor(
    private readonly ownerOf: OwnerOf,
    private readonly scope: Scope,
  ) {
    super();
  }

  startSpan(name: string, options?: SpanOptions, from: Context = context.active()): Span {
    const owner = this.ownerOf(from);
    if (!owner) return trace.wrapSpanContext(trace.getSpanContext(from) ?? INVALID_SPAN_CONTEXT);
    let tracer = this.tracers.get(owner);
    if (!tracer) {
      tracer = owner.tracerOf(this.scope);
      this.tracers.set(owner, tracer);
    }
    return tracer.startSpan(name, options, from);
  }
}
