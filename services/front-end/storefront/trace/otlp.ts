import type { TraceParent } from './call-names.ts';

/** Since 1970, in milliseconds with parts. */
type Time = number;
type Values = Record<string, string | number | boolean | string[]>;

export interface SpanEvent {
  name: string;
  atMs: Time;
  attributes?: Values;
}

export interface FinishedSpan {
  traceId: string;
  id: string;
  parentId?: string | undefined;
  name: string;
  /** INTERNAL otherwise. */
  kind?: 'CLIENT';
  startMs: Time;
  endMs: Time;
  attributes: Values;
  failed?: boolean;
  events?: SpanEvent[];
  link?: TraceParent | undefined;
}

/** As `fetch` with `keepalive` may send them. */
const batchSize = 50;

/** Sends spans by OTLP/HTTP to the shop, which passes them on. A failed transfer loses them: nothing depends on them. */
export function sendSpans(spans: readonly FinishedSpan[]): void {
  for (let from = 0; from < spans.length; from += batchSize) {
    const batch = spans.slice(from, from + batchSize).map(spanJson);
    const resource = { attributes: list(browser()) };
    const scope = { name: 'storefront' };
    void fetch('/v1/traces', {
      method: 'POST',
      keepalive: true, // also when the page is left
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        resourceSpans: [{ resource, scopeSpans: [{ scope, spans: batch }] }],
      }),
    }).catch(() => undefined);
  }
}

function spanJson(span: FinishedSpan): object {
  const { traceId, id, parentId, name, attributes, events = [], link } = span;
  return {
    traceId,
    spanId: id,
    ...(parentId !== undefined && { parentSpanId: parentId }),
    name,
    kind: span.kind ? 3 : 1,
    startTimeUnixNano: nanoseconds(span.startMs),
    endTimeUnixNano: nanoseconds(Math.max(span.startMs, span.endMs)),
    attributes: list(attributes),
    ...(events.length > 0 && { events: events.map(eventJson) }),
    ...(link && { links: [{ traceId: link.traceId, spanId: link.spanId }] }),
    ...(span.failed && { status: { code: 2 } }),
  };
}

function eventJson({ name, atMs, attributes = {} }: SpanEvent): object {
  return { name, timeUnixNano: nanoseconds(atMs), attributes: list(attributes) };
}

/** Of a time in microseconds: a number holds no more digits. */
function nanoseconds(ms: Time): string {
  return `${Math.round(ms * 1000)}000`;
}

function list(values: Values): object[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: valueJson(value) }));
}

function valueJson(value: Values[string] | undefined): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'object') return { arrayValue: { values: value.map(valueJson) } };
  return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
}

/** What browsers tell of themselves; Firefox and Safari have no brands. */
interface UserAgentData {
  brands: { brand: string; version: string }[];
  mobile: boolean;
  platform: string;
}

/** OpenTelemetry's resource of a browser. The server knows the user agent. */
function browser(): Values {
  const data = (navigator as { userAgentData?: UserAgentData }).userAgentData;
  const language = { 'browser.language': navigator.language };
  if (!data) return language;
  return {
    ...language,
    'browser.mobile': data.mobile,
    'browser.platform': data.platform,
    'browser.brands': data.brands.map(({ brand, version }) => `${brand} ${version}`),
  };
}
