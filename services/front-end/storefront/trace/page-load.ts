import type { TraceParent } from './call-names.ts';
import type { FinishedSpan, SpanEvent } from './otlp.ts';
import { randomHex } from './random-hex.ts';

// A page's load as OpenTelemetry's document-load instrumentation names its spans: `documentLoad`, below it `documentFetch` and a
// `resourceFetch` for each file. Calls by scripts have spans of their own.

const loadEvents = [
  'fetchStart',
  'unloadEventStart',
  'unloadEventEnd',
  'domInteractive',
  'domContentLoadedEventStart',
  'domContentLoadedEventEnd',
  'domComplete',
  'loadEventStart',
  'loadEventEnd',
] as const;
const fetchEvents = [
  'fetchStart',
  'domainLookupStart',
  'domainLookupEnd',
  'connectStart',
  'secureConnectionStart',
  'connectEnd',
  'requestStart',
  'responseStart',
  'responseEnd',
] as const;
/** A page of the shop has some twenty. */
const mostFiles = 30;

export const [navigation] = performance.getEntriesByType('navigation');

/** Attributes of a request: no query, which may hold what a shopper typed. */
export function urlAttributes(url: URL): Record<string, string | number> {
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  return {
    'url.full': url.origin + url.pathname,
    'server.address': url.hostname,
    'server.port': port,
  };
}

/** Events of the load itself: its steps and when the page was first painted. */
export function eventsOfLoad(): SpanEvent[] {
  const paints = performance.getEntriesByType('paint').map(({ name, startTime }) => ({
    name: name === 'first-paint' ? 'firstPaint' : 'firstContentfulPaint',
    atMs: performance.timeOrigin + startTime,
  }));
  return [...eventsOf(navigation, loadEvents), ...paints];
}

/** What was fetched for the page until `endMs`. `fetchId` is the id under which the server knows its request. */
export function fetches(
  { traceId, id: parentId }: { traceId: string; id: string },
  fetchId: string,
  link: TraceParent | undefined,
  endMs: number,
): FinishedSpan[] {
  if (!navigation) return [];
  const files = performance
    .getEntriesByType('resource')
    .filter(
      ({ initiatorType, startTime }) =>
        !/fetch|xmlhttp|beacon/.test(initiatorType) && performance.timeOrigin + startTime < endMs,
    );
  const all = [navigation, ...files.slice(0, mostFiles)];
  return all.map((entry): FinishedSpan => {
    const document = entry === navigation;
    const url = new URL(entry.name);
    const { responseStatus: status } = entry;
    return {
      traceId,
      id: document ? fetchId : randomHex(8),
      parentId,
      name: document ? 'documentFetch' : 'resourceFetch',
      ...(document && { kind: 'CLIENT' }),
      startMs: performance.timeOrigin + entry.fetchStart,
      endMs: performance.timeOrigin + entry.responseEnd,
      attributes: {
        'http.request.method': 'GET',
        'sockshop.browser.path': url.pathname,
        ...urlAttributes(url),
        ...(status > 0 && { 'http.response.status_code': status }),
        ...(status >= 400 && { 'error.type': String(status) }),
        'http.response.body.size': entry.encodedBodySize,
      },
      failed: status >= 400,
      ...(document && { events: eventsOf(entry, fetchEvents), link }),
    };
  });
}

function eventsOf<Name extends string>(
  entry: Partial<Record<Name, number>> | undefined,
  names: readonly Name[],
): SpanEvent[] {
  return names.flatMap((name) => {
    const ms = entry?.[name] ?? 0;
    return ms > 0 ? [{ name, atMs: performance.timeOrigin + ms }] : [];
  });
}
