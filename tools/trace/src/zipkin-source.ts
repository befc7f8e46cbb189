import { setTimeout as sleep } from 'node:timers/promises';
import type { DependencyLink } from './check-edges.ts';
import { end } from './facts.ts';
import { UnreadableError } from './read-json.ts';
import { readSpans } from './read-spans.ts';
import { isRecord, type Span, traceKey } from './span.ts';

interface Query {
  readonly url: string;
  readonly lookback: number;
  readonly limit: number;
  readonly service?: string | undefined;
  readonly trace: readonly string[];
}

export interface ZipkinTraces {
  readonly spans: readonly Span[];
  /** Undefined where it is not of the same traces. */
  readonly drawn: readonly DependencyLink[] | undefined;
}

/** Services send spans up to this long after they end; younger traces are read again. */
const SETTLED_MS = 5000;

/** The traces of a server that speaks Zipkin's API v2. @throws UnreadableError */
export async function readZipkin(query: Query, say: (line: string) => void): Promise<ZipkinTraces> {
  const base = baseOf(query.url);
  const endTs = Date.now();
  const read = (): Promise<Span[]> => readTraces(base, query, endTs);
  let spans = await read();
  const newest = spans.reduce((most, span) => Math.max(most, end(span) || 0), 0) / 1000;
  const waitMs = newest + SETTLED_MS - endTs;
  if (waitMs > 0 && waitMs <= SETTLED_MS) {
    say('The newest traces may still grow: they are read again in a few seconds.');
    await sleep(waitMs);
    spans = await read();
  }
  const isWhole = !query.service && query.trace.length === 0 && countTraces(spans) < query.limit;
  return { spans, drawn: isWhole ? await dependencies(base, endTs, query.lookback) : undefined };
}

async function readTraces(base: string, query: Query, endTs: number): Promise<Span[]> {
  if (query.trace.length > 0) {
    const all: Span[] = [];
    for (const id of query.trace)
      for (const span of await get(`${base}/api/v2/trace/${encodeURIComponent(id)}`))
        all.push(span);
    return all;
  }
  const search = new URLSearchParams({
    endTs: String(endTs),
    lookback: String(query.lookback),
    limit: String(query.limit),
    ...(query.service !== undefined && { serviceName: query.service.toLowerCase() }),
  });
  return get(`${base}/api/v2/traces?${search.toString()}`);
}

function countTraces(spans: readonly Span[]): number {
  return new Set(spans.map(traceKey)).size;
}

/** Where Zipkin counts edges by a job once a day, its map is not of these traces. */
async function dependencies(
  base: string,
  endTs: number,
  lookback: number,
): Promise<DependencyLink[] | undefined> {
  const health = await ask(`${base}/health`).then(
    (response) => response.text(),
    () => '',
  );
  if (!/InMemoryStorage|TraceStore/.test(health)) return undefined;
  const response = await ask(`${base}/api/v2/dependencies?endTs=${endTs}&lookback=${lookback}`);
  const links: unknown = await response.json().catch(() => undefined);
  return Array.isArray(links) ? links.filter(isLink) : undefined;
}

function isLink(value: unknown): value is DependencyLink {
  return (
    isRecord(value) && typeof value['parent'] === 'string' && typeof value['callCount'] === 'number'
  );
}

async function get(url: string): Promise<Span[]> {
  const response = await ask(url);
  if (!response.body) return [];
  return readSpans(response.body as AsyncIterable<Uint8Array>);
}

/** @throws UnreadableError that says which server and why, without the name and password of its URL */
async function ask(url: string): Promise<Response> {
  const { host, username, password } = new URL(url);
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  const login =
    username === ''
      ? undefined
      : `Basic ${btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}`;
  let response: Response;
  try {
    response = await fetch(plain, login === undefined ? {} : { headers: { authorization: login } });
  } catch (cause) {
    const why =
      cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new UnreadableError(`no answer from ${host}: ${why}`, { cause });
  }
  if (response.ok) return response;
  await response.body?.cancel();
  const what =
    response.status === 404
      ? 'it has no such trace, or does not speak the API v2 of Zipkin'
      : 'it refused';
  throw new UnreadableError(`${host} answered ${response.status}: ${what}`);
}

/** Also of the address of its pages, or of its API. @throws UnreadableError */
function baseOf(given: string): string {
  const url = /^https?:\/\//i.test(given) ? given : `http://${given}`;
  if (!URL.canParse(url)) throw new UnreadableError(`${given} is no URL`);
  return url
    .replace(/[?#].*$/, '')
    .replace(/\/(?:zipkin|api\/v2|api)(?:\/.*)?$/, '')
    .replace(/\/+$/, '');
}
