import type { FastifyInstance } from 'fastify';
import {
  BadRequestError,
  longOf,
  requiredLong,
  requiredText,
  type Parameters,
} from './parameters.ts';
import { normalTraceId, type Span } from './span.ts';
import { DAY_MS, parseTraceQuery } from './trace-query.ts';
import type { TraceStore } from './trace-store.ts';

/** Whose API this is. Readers ask for it before they use what older versions lack. */
const ZIPKIN_VERSION = '3.5.1';

interface Query {
  Querystring: Parameters;
}

/** The routes with which Zipkin 3 serves its pages and other readers. Checks and error texts are Zipkin's. */
export function readApi(app: FastifyInstance, store: TraceStore): void {
  app.get('/health', () => ({
    status: 'UP',
    zipkin: { status: 'UP', details: { TraceStore: { status: 'UP' } } },
  }));
  app.get('/info', () => ({ zipkin: { version: ZIPKIN_VERSION, commit: 'sock-shop' } }));
  app.get('/api/v2/services', () => store.serviceNames());
  app.get<Query>('/api/v2/spans', ({ query }) =>
    store.spanNames(requiredText(query, 'serviceName')),
  );
  app.get<Query>('/api/v2/remoteServices', ({ query }) =>
    store.remoteServiceNames(requiredText(query, 'serviceName')),
  );
  app.get<Query>('/api/v2/traces', ({ query }) => store.traces(parseTraceQuery(query, Date.now())));
  app.get<{ Params: { traceId: string } }>('/api/v2/trace/:traceId', (request, reply) => {
    if (request.params.traceId === '') {
      reply.callNotFound();
      return reply;
    }
    const traceId = normalTraceId(request.params.traceId.trim());
    const spans = store.trace(traceId);
    if (spans.length > 0) return spans;
    return reply.status(404).type('text/plain; charset=utf-8').send(`${traceId} not found`);
  });
  app.get<Query>('/api/v2/traceMany', ({ query }) => traceMany(store, query));
  app.get<Query>('/api/v2/dependencies', ({ query }) => {
    const endTs = requiredLong(query, 'endTs');
    const lookback = longOf(query, 'lookback') ?? DAY_MS;
    if (endTs <= 0) throw new BadRequestError('endTs <= 0');
    if (lookback <= 0) throw new BadRequestError('lookback <= 0');
    return store.dependencies(endTs, lookback);
  });
  app.get('/api/v2/autocompleteKeys', () => []); // Zipkin completes the tags that its operator names; ours names none
  app.get<Query>('/api/v2/autocompleteValues', ({ query }) => {
    if (requiredText(query, 'key') === '') throw new BadRequestError('key was empty');
    return [];
  });
}

function traceMany(store: TraceStore, query: Parameters): Span[][] {
  const text = requiredText(query, 'traceIds');
  if (text === '') throw new BadRequestError('traceIds parameter is empty');
  const traceIds = new Set<string>();
  const given = text.split(',').map((id) => id.trim());
  if (given.length === 1) {
    throw new BadRequestError('Use /api/v2/trace/{traceId} endpoint to retrieve a single trace');
  }
  for (const id of given) {
    const traceId = normalTraceId(id);
    if (traceIds.has(traceId)) throw new BadRequestError(`redundant traceId: ${id}`);
    traceIds.add(traceId);
  }
  return [...traceIds].map((id) => store.trace(id)).filter((spans) => spans.length > 0);
}
