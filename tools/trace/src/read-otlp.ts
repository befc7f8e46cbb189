import { FlawList } from './flaws.ts';
import {
  type Attributes,
  isRecord,
  type Kind,
  KINDS,
  NOTHING_DROPPED,
  type Resource,
  type Scope,
  type Span,
  type SpanEvent,
  type SpanLink,
  type Status,
  type Value,
} from './span.ts';

type Json = Record<string, unknown>;

/** An export in OTLP's JSON: what a receiver gets, and what the Collector's file exporter writes on each line. */
export function* readOtlp(json: Json): Generator<Span> {
  for (const each of list(json, 'resourceSpans')) {
    const resource: Resource = {
      attributes: attributes(record(each['resource'])['attributes']),
      schemaUrl: text(each['schemaUrl']),
    };
    const scopes = [...list(each, 'scopeSpans'), ...list(each, 'instrumentationLibrarySpans')];
    for (const spans of scopes) {
      const { name, version } = record(spans['scope'] ?? spans['instrumentationLibrary']);
      const scope = {
        name: text(name),
        version: text(version),
        schemaUrl: text(spans['schemaUrl']),
      };
      for (const span of list(spans, 'spans')) yield readSpan(span, resource, scope);
    }
  }
}

function readSpan(json: Json, resource: Resource, scope: Scope): Span {
  const flaws = new FlawList();
  const start = nanos(json, 'startTimeUnixNano', flaws);
  const end = nanos(json, 'endTimeUnixNano', flaws);
  const status = record(json['status']);
  const service = resource.attributes['service.name'];
  const droppedCounts = [
    'droppedAttributesCount',
    'droppedEventsCount',
    'droppedLinksCount',
  ] as const;
  const [attributesCount = 0, eventsCount = 0, linksCount = 0] = droppedCounts.map((field) =>
    count(json[field]),
  );
  return {
    form: 'otlp',
    traceId: id(json['traceId'], 'traceId', 32, flaws),
    id: id(json['spanId'], 'spanId', 16, flaws),
    parentId: parentOf(json['parentSpanId'], flaws),
    name: name(json['name'], flaws),
    kind: kind(json['kind'], flaws),
    startUs: start === undefined ? NaN : Number(start) / 1000,
    durationUs: start === undefined || end === undefined ? NaN : Number(end - start) / 1000,
    service: typeof service === 'string' ? service : '',
    local: undefined,
    remote: undefined,
    attributes: attributes(json['attributes'], flaws),
    events: list(json, 'events').map((event) => readEvent(event, flaws)),
    links: list(json, 'links').map((link) => readLink(link, flaws)),
    status: statusOf(status['code']),
    statusMessage: text(status['message']) || undefined,
    resource,
    scope,
    dropped:
      attributesCount + eventsCount + linksCount === 0
        ? NOTHING_DROPPED
        : { attributes: attributesCount, events: eventsCount, links: linksCount },
    traceState: traceState(json['traceState'], flaws),
    flags: count(json['flags']),
    debug: false,
    shared: false,
    flaws: flaws.list,
  };
}

function readEvent(json: Json, flaws: FlawList): SpanEvent {
  const time = nanos(json, 'timeUnixNano', flaws);
  return {
    name: text(json['name']),
    timeUs: time === undefined ? NaN : Number(time) / 1000,
    attributes: attributes(json['attributes'], flaws),
    dropped: count(json['droppedAttributesCount']),
  };
}

function readLink(json: Json, flaws: FlawList): SpanLink {
  return {
    traceId: id(json['traceId'], 'traceId of a link', 32, flaws),
    spanId: id(json['spanId'], 'spanId of a link', 16, flaws),
    attributes: attributes(json['attributes'], flaws),
  };
}

/** Hexadecimal, as OTLP wants it; base64, which other writers of protobuf's JSON make of it, is understood. */
function id(value: unknown, field: string, digits: number, flaws: FlawList): string {
  if (typeof value === 'string' && value.length === Math.ceil(digits / 6) * 4) {
    const bytes = Buffer.from(value, 'base64');
    if (bytes.length === digits / 2 && bytes.toString('base64') === value) {
      flaws.add(`${field} is base64 instead of hexadecimal`);
      return bytes.toString('hex');
    }
  }
  return flaws.id(value, field, [digits]);
}

function parentOf(value: unknown, flaws: FlawList): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const parent = id(value, 'parentSpanId', 16, flaws);
  return /^0*$/.test(parent) ? undefined : parent;
}

function name(value: unknown, flaws: FlawList): string {
  if (typeof value === 'string' && value !== '') return value;
  flaws.add('name is missing');
  return '';
}

/** At most 32 members `key=value`. */
function traceState(value: unknown, flaws: FlawList): string {
  const state = text(value);
  if (state === '') return state;
  const members = state.split(',').filter((member) => member.trim() !== '');
  const isMember = (member: string): boolean =>
    /^[a-z\d][a-z\d_*/@-]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{1,256}$/.test(member.trim());
  if (members.length > 32 || !members.every(isMember)) flaws.add('traceState is malformed');
  return state;
}

/** As a number or by name; without one, a span is internal. */
function kind(value: unknown, flaws: FlawList): Kind {
  const index =
    typeof value === 'string' && value.startsWith('SPAN_KIND_')
      ? KINDS.findIndex((each) => value === `SPAN_KIND_${each}`) + 1
      : Number(value ?? 0);
  const found = KINDS[index - 1];
  if (found) return found;
  flaws.add(index === 0 ? 'kind is unspecified' : 'kind is unknown');
  return 'INTERNAL';
}

function statusOf(code: unknown): Status {
  if (code === 2 || code === 'STATUS_CODE_ERROR') return 'ERROR';
  return code === 1 || code === 'STATUS_CODE_OK' ? 'OK' : 'UNSET';
}

/** A text of digits, as 64 bits do not fit in a number of JSON; a number is understood. Undefined where there is none. */
function nanos(json: Json, field: string, flaws: FlawList): bigint | undefined {
  const value = json[field];
  if (value === undefined || value === null || value === '' || value === '0' || value === 0) {
    flaws.add(`${field} is missing`);
    return undefined;
  }
  if (typeof value === 'bigint') return value;
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt(value);
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  flaws.add(`${field} is not a whole number of nanoseconds`);
  return undefined;
}

function attributes(value: unknown, flaws?: FlawList): Attributes {
  const result = Object.create(null) as Record<string, Value>;
  if (!Array.isArray(value)) return result;
  for (const item of value) {
    const { key, value: given } = record(item);
    if (typeof key !== 'string' || key === '') flaws?.add('an attribute has no key');
    else {
      if (key in result) flaws?.add('an attribute is there twice');
      result[key] = anyValue(given, 0);
    }
  }
  return result;
}

/** Lists in lists; what is deeper is not read. */
const DEEPEST = 20;

function anyValue(value: unknown, depth: number): Value {
  const given = record(value);
  if ('stringValue' in given) return text(given['stringValue']);
  if ('boolValue' in given) return given['boolValue'] === true;
  if ('intValue' in given) return Number(given['intValue']);
  if ('doubleValue' in given) return Number(given['doubleValue']);
  if ('bytesValue' in given) return text(given['bytesValue']);
  if (depth > DEEPEST) return null;
  if ('arrayValue' in given)
    return list(record(given['arrayValue']), 'values').map((each) => anyValue(each, depth + 1));
  if (!('kvlistValue' in given)) return null;
  const entries = list(record(given['kvlistValue']), 'values');
  const result = Object.create(null) as Record<string, Value>;
  for (const { key, value: each } of entries) result[text(key)] = anyValue(each, depth + 1);
  return result;
}

function count(value: unknown): number {
  const number = Number(value ?? 0);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function record(value: unknown): Json {
  return isRecord(value) ? value : {};
}

function list(json: Json, field: string): Json[] {
  const value = json[field];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
