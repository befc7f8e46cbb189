// A bare Fastify route, traced as the first argument says: off, stock, or the share of the requests that are sampled. The second is Zipkin's address.
const [, , mode, url] = process.argv;
const { Tracing, tracingConfig, ZipkinExporter } = await import('@sockshop/tracing');

if (mode === 'stock') {
  const { context, propagation, trace } = await import('@opentelemetry/api');
  const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks');
  const { W3CTraceContextPropagator } = await import('@opentelemetry/core');
  const { registerInstrumentations } = await import('@opentelemetry/instrumentation');
  const { HttpInstrumentation } = await import('@opentelemetry/instrumentation-http');
  const { BatchSpanProcessor, TracerProvider } = await import('@opentelemetry/sdk-trace');
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const processor = new BatchSpanProcessor({ exporter: new ZipkinExporter({ url }) });
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [processor] }));
  registerInstrumentations({ instrumentations: [new HttpInstrumentation()] });
}

const { default: fastify } = await import('fastify');
const server = fastify();
if (mode !== 'off' && mode !== 'stock') {
  const { FastifyRequests } = await import('@sockshop/tracing/fastify');
  const sampler = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: mode };
  const tracing = await Tracing.start('bench', tracingConfig({ ZIPKIN: url, ...sampler }));
  new FastifyRequests(tracing).trace(server);
}
server.get('/socks/:id', (request) => Promise.resolve({ id: request.params.id, name: 'Holy' }));
await server.listen({ port: 0, host: '127.0.0.1' });
process.on('message', () => process.send(process.cpuUsage()));
process.on('disconnect', () => process.exit());
process.send(server.server.address().port);
