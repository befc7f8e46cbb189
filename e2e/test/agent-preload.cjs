// What a stock agent does when it is preloaded: it registers itself with the API and wraps what the shop uses. Its spans go to files in the folder
// AGENT_SPANS, one for each process. It comes before all modules of the shop, as `--require` loads it.
const { context, propagation, trace } = require('@opentelemetry/api');
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
const {
  CompositePropagator,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} = require('@opentelemetry/core');
const { registerInstrumentations } = require('@opentelemetry/instrumentation');
const { AmqplibInstrumentation } = require('@opentelemetry/instrumentation-amqplib');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
const { MongoDBInstrumentation } = require('@opentelemetry/instrumentation-mongodb');
const { MySQL2Instrumentation } = require('@opentelemetry/instrumentation-mysql2');
const { UndiciInstrumentation } = require('@opentelemetry/instrumentation-undici');
const { SimpleSpanProcessor, TracerProvider } = require('@opentelemetry/sdk-trace');
const { appendFileSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');

const service = basename(dirname(dirname(process.argv[1]))); // services/carts/dist/main.js
const file = join(process.env.AGENT_SPANS, `${service}.jsonl`);
const exporter = {
  export(spans, done) {
    appendFileSync(file, spans.map((span) => `${JSON.stringify(plain(span))}\n`).join(''));
    done({ code: 0 });
  },
  shutdown: () => Promise.resolve(),
};

function plain(span) {
  const { traceId, spanId } = span.spanContext();
  return {
    service,
    traceId,
    id: spanId,
    parentId: span.parentSpanContext?.spanId,
    name: span.name,
    kind: span.kind,
    scope: span.instrumentationScope.name,
    attributes: span.attributes,
  };
}

context.setGlobalContextManager(new AsyncLocalStorageContextManager());
propagation.setGlobalPropagator(
  new CompositePropagator({
    propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
  }),
);
trace.setGlobalTracerProvider(
  new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
);
registerInstrumentations({
  instrumentations: [
    new HttpInstrumentation(),
    new UndiciInstrumentation(),
    new AmqplibInstrumentation(),
    new MongoDBInstrumentation(),
    new MySQL2Instrumentation(),
  ],
});
