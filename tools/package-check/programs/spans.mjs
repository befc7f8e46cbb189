// A program of someone who has installed the package: `node spans.mjs import|require alone|sdk`. A server of node:http handles a request of a foreign
// caller, which sends B3; it calls itself with fetch, and records a step. Prints the trace as Zipkin gets it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const [, , way, mode] = process.argv;
const load = way === 'require' ? createRequire(import.meta.url) : (name) => import(name);
const { context, trace } = await load('@opentelemetry/api');
const lib = await load('@sockshop/tracing');
const { NodeRequests } = await load('@sockshop/tracing/node-http');
const { tracedFetch } = await load('@sockshop/tracing/fetch');

const received = [];
const zipkin = await listening((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    received.push(...JSON.parse(Buffer.concat(parts).toString()));
    response.writeHead(202).end();
  });
});
const url = `${addressOf(zipkin)}/api/v2/spans`;
const sdk = mode === 'sdk' ? await stockSdk() : undefined;
const tracing = await lib.Tracing.start(
  'socks',
  lib.tracingConfig(sdk ? {} : { ZIPKIN: url }), // in a stock SDK its exporter sends all spans
);
const call = tracedFetch(tracing, { template: () => '/weight' });
const requests = new NodeRequests(tracing, { route: ({ url: path }) => path });
const server = await listening(
  requests.trace(async (request, response) => {
    if (request.url === '/weight') return response.end('40 g');
    const weight = await lib.inSpan(tracing, 'pack', {}, async () => {
      trace.getTracer('mine').startActiveSpan('own span', (span) => span.end());
      return (await call(`${addressOf(server)}/weight`)).text();
    });
    return response.end(weight);
  }),
);
const caller = { b3: '463ac35c9f6413ad48485a3953bb6124-a2fb4a1d1a96d312-1' };
await (await fetch(`${addressOf(server)}/socks`, { headers: caller })).text();
await closed(server);
await requests.drained();
await tracing.shutdown();
await sdk?.shutdown();
await closed(zipkin);
const tree = (parentId, depth) =>
  received
    .filter((span) => span.parentId === parentId)
    .sort((one, other) => one.timestamp - other.timestamp)
    .flatMap((span) => [
      `${'  '.repeat(depth)}${span.kind ?? 'LOCAL'} ${span.localEndpoint.serviceName} ${span.name}`,
      ...tree(span.id, depth + 1),
    ]);
const lines = tree('a2fb4a1d1a96d312', 0);
if (lines.length !== received.length) throw new Error(`${received.length} spans, not one trace`);
if (trace.getSpan(context.active())) throw new Error('a context is left');
console.log([`trace ${received[0].traceId}`, ...lines].join('\n'));

/** Their SDK, with propagator, sampler and exporter of this package. */
async function stockSdk() {
  const { NodeSDK } = await load('@opentelemetry/sdk-node');
  const { BatchSpanProcessor } = await load('@opentelemetry/sdk-trace');
  const started = new NodeSDK({
    serviceName: 'socks',
    textMapPropagator: new lib.TracePropagator({ formats: ['tracecontext', 'baggage', 'b3'] }),
    sampler: lib.samplerOf({ name: 'parentbased_traceidratio', ratio: 0.5 }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new lib.ZipkinExporter({ url }) })],
    metricReaders: [],
    logRecordProcessors: [],
  });
  started.start();
  return started;
}

async function listening(handle) {
  const it = createServer(handle).listen(0, '127.0.0.1');
  await once(it, 'listening');
  return it;
}

function addressOf(it) {
  return `http://127.0.0.1:${it.address().port}`;
}

function closed(it) {
  it.closeAllConnections();
  return new Promise((resolve) => it.close(resolve));
}
