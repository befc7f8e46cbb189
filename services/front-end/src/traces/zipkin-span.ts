import { z } from 'zod';
import { BROWSER_PATH } from './shown-tags.ts';

const endpoint = z.object({ serviceName: z.string().optional() }).optional();

/** What is read of a span in Zipkin's v2 JSON; everything but the ids may be missing. Times in microseconds since the epoch. */
const Span = z.object({
  traceId: z.string(),
  id: z.string(),
  parentId: z.string().optional(),
  name: z.string().default(''),
  kind: z.enum(['CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER']).optional(),
  timestamp: z.number().default(0),
  duration: z.number().default(0),
  localEndpoint: endpoint,
  remoteEndpoint: endpoint,
  tags: z.record(z.string(), z.string()).default({}),
  annotations: z.array(z.object({ timestamp: z.number(), value: z.string() })).default([]),
});
export type ZipkinSpan = z.output<typeof Span>;

export const ZipkinTrace = z.array(Span);
export const ZipkinTraces = z.array(ZipkinTrace);

export function serviceOf({ localEndpoint }: ZipkinSpan): string {
  return named(localEndpoint?.serviceName) ?? NAMELESS;
}

/** Undefined where no remote end is named, or only by spaces. */
export function remoteOf({ remoteEndpoint }: ZipkinSpan): string | undefined {
  return named(remoteEndpoint?.serviceName);
}

function named(name: string | undefined): string | undefined {
  return name?.trim() === '' ? undefined : name?.trim();
}

/** A page must have a word for each span. */
const NAMELESS = 'unknown';

/** Names of spans are made of these tags: see the libs that make spans. */
const NAME_PARTS = [
  ['http.request.method', 'http.route'],
  ['http.request.method', 'url.template'],
  ['http.request.method'],
  ['db.query.summary'],
  ['db.operation.name', 'db.collection.name'],
  ['messaging.operation.name', 'messaging.destination.name'],
];

/** OpenTelemetry's names for spans of a page, by the small letters in which Zipkin keeps them. */
const OF_PAGES = new Map(
  ['documentLoad', 'documentFetch', 'resourceFetch', 'webVitals'].map((name) => [
    name.toLowerCase(),
    name,
  ]),
);

/** Zipkin keeps names in small letters: a route gets its case back from the tags, which keep it. */
export function nameOf({ name, tags }: ZipkinSpan): string {
  const ofPage = OF_PAGES.get(name.toLowerCase());
  if (ofPage !== undefined) return `${ofPage} ${tags[BROWSER_PATH] ?? ''}`.trim(); // else all pages look alike
  const made = NAME_PARTS.map((parts) => parts.map((part) => tags[part] ?? '').join(' '));
  const known = made.find((each) => each.toLowerCase() === name.toLowerCase());
  return (known ?? withMethod(name)).trim() || NAMELESS;
}

/** A name without its tags, such as `get /cart`: paths are in small letters mostly, methods are not. */
function withMethod(name: string): string {
  return name.replace(/^[a-z]{3,7}(?= \/)/, (method) => method.toUpperCase());
}

/** The presence of the tag decides, whatever its value, as in Zipkin. */
export function failed({ tags }: ZipkinSpan): boolean {
  return Object.hasOwn(tags, 'error');
}

/** The called side answered 400 to 499. Spans of a browser have the status as their error only. */
export function refused({ tags }: ZipkinSpan): boolean {
  const status =
    tags['http.response.status_code'] ?? tags['http.status_code'] ?? tags['error.type'];
  return status !== undefined && /^4\d\d$/.test(status);
}
