import { propagation, ROOT_CONTEXT, trace, type Tracer } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { context } from './context.ts';
import { headerGetter } from './header-getter.ts';
import { SCOPE } from './scope.ts';
import type { Tracing } from './tracing.ts';

/** What instrumentation needs of a service's tracing. */
export type Traces = Pick<Tracing, 'tracer' | 'extract' | 'inject' | 'enter' | 'uninstrumented'>;

/** That of an SDK which is registered with `@opentelemetry/api`, such as a stock `NodeSDK`. */
export const apiTraces: Traces = {
  get tracer(): Tracer {
    const { name, version, schemaUrl } = SCOPE;
    return trace.getTracerProvider().getTracer(name, version, { schemaUrl });
  },
  extract: (headers) => propagation.extract(ROOT_CONTEXT, headers, headerGetter),
  inject: (from, headers) => {
    propagation.inject(from, headers);
  },
  enter: (from) => from,
  uninstrumented: (work) => context.with(suppressTracing(context.active()), work),
};
