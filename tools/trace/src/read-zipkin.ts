import {
  type Attributes,
  type Dropped,
  type Endpoint,
  isRecord,
  type Kind,
  NOTHING_DROPPED,
  type Scope,
  type Span,
  type SpanEvent,
  type SpanLink,
  type Status,
  type Value,
} from './span.ts';
import { FlawList } from './flaws.ts';

const KINDS = new Set(['CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER']);

/** Zipkin's v2 JSON. Whatever a field contains, this returns a span; `flaws` lists what Zipkin would refuse or misread. */
export function readZipkinSpan(json: Record<string, unknown>): Span {
  const flaws = new FlawList();
  const attributes = tags(json['tags'], flaws);
  const local = endpoint(json['localEndpoint'], 'localEndpoint', flaws);
  const error = attributes['error'];
  return {
    form: 'zipkin',
    traceId: flaws.id(json['traceId'], 'traceId', [16, 32]),
    id: flaws.id(json['id'], 'id', [16]),
    parentId: parentOf(json['parentId'], flaws),
    name: name(json['name'], flaws),
    kind: kind(json['kind'], flaws),
    startUs: micros(json['timestamp'], 'timestamp', flaws),
    durationUs: micros(json['duration'], 'duration', flaws),
    service: local?.name ?? '',
    local,
    remote: endpoint(json['remoteEndpoint'], 'remoteEndpoint', flaws),
    attributes,
    events: events(json['annotations'], flaws),
    links: links(attributes, flaws),
    status: status(attributes),
    statusMessage: typeof error === 'string' && error !== '' ? error : undefined,
    resource: undefined,
    scope: scope(attributes),
    dropped: dropped(attributes),
    traceState: '',
    flags: 0,
    debug: flag(json['debug'], 'debug', flaws),
    shared: flag(json['shared'], 'shared', flaws),
    flaws: flaws.list,
  };
}

/** A tag `error` marks a failure in Zipkin, whatever its value. */
function status(attributes: Attributes): Status {
  if (Object.hasOwn(attributes, 'error')) return 'ERROR';
  const code = attributes['otel.status_code'];
  return code === 'ERROR' || code === 'OK' ? code : 'UNSET';
}

function parentOf(value: unknown, flaws: FlawList): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const id = flaws.id(value, 'parentId', [16]);
  return /^0*$/.test(id) ? undefined : id;
}

function name(value: unknown, flaws: FlawList): string {
  if (typeof value !== 'string' || value === '') {
    flaws.add('name is missing');
    return '';
  }
  if (value !== value.toLowerCase()) flaws.add('name has capital letters');
  return value;
}

function kind(value: unknown, flaws: FlawList): Kind {
  if (value === undefined || value === null) return 'INTERNAL';
  if (typeof value === 'string' && KINDS.has(value)) return value as Kind;
  flaws.add('kind is none of CLIENT, SERVER, PRODUCER, CONSUMER');
  return 'INTERNAL';
}

function micros(value: unknown, field: string, flaws: FlawList): number {
  if (value === undefined || value === null) {
    flaws.add(`${field} is missing`);
    return NaN;
  }
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    flaws.add(`${field} is not a number`);
    return NaN;
  }
  if (typeof value === 'string') flaws.add(`${field} is a text instead of a number`);
  if (!Number.isInteger(number)) flaws.add(`${field} is not a whole number of microseconds`);
  return number;
}

function endpoint(value: unknown, field: string, flaws: FlawList): Endpoint | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) {
    flaws.add(`${field} is not an object`);
    return undefined;
  }
  const { serviceName, ipv4, ipv6, port } = value;
  if (port !== undefined && !(Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536))
    flaws.add(`port of ${field} is not a port`);
  const text = (it: unknown): string | undefined =>
    typeof it === 'string' && it !== '' ? it : undefined;
  if (serviceName !== undefined && serviceName !== null && typeof serviceName !== 'string')
    flaws.add(`serviceName of ${field} is not a text`);
  return {
    name: text(serviceName),
    address: text(ipv4) ?? text(ipv6),
    port: typeof port === 'number' ? port : undefined,
  };
}

function tags(value: unknown, flaws: FlawList): Attributes {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) {
    flaws.add('tags is not an object');
    return {};
  }
  for (const key of Object.keys(value))
    if (typeof value[key] !== 'string') flaws.add('a tag is not a text');
  return value as Attributes;
}

function events(value: unknown, flaws: FlawList): SpanEvent[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    flaws.add('annotations is not a list');
    return [];
  }
  return value.map((item: unknown) => {
    const { timestamp, value: text } = isRecord(item) ? item : {};
    if (typeof timestamp !== 'number' || typeof text !== 'string')
      flaws.add('an annotation lacks its timestamp or value');
    return {
      timeUs: typeof timestamp === 'number' ? timestamp : NaN,
      dropped: 0,
      ...annotated(typeof text === 'string' ? text : ''),
    };
  });
}

/** OpenTelemetry's exporters write an event with attributes as `{"name": {…}}`, some as `"name": {…}`. */
function annotated(text: string): { name: string; attributes: Attributes } {
  if (/^[{"].*\}$/s.test(text)) {
    try {
      const json: unknown = JSON.parse(text.startsWith('{') ? text : `{${text}}`);
      const [entry, ...more] = Object.entries(json as Record<string, unknown>);
      if (entry && more.length === 0 && isRecord(entry[1]))
        return { name: entry[0], attributes: entry[1] as Record<string, Value> };
    } catch {
      // a text of its own
    }
  }
  return { name: text, attributes: {} };
}

/** Zipkin has no field for links. The Collector writes them as tags: trace, span, state, attributes and a count between bars. */
function links(tags: Attributes, flaws: FlawList): readonly SpanLink[] {
  if (!('otlp.link.0' in tags)) return NO_LINKS;
  const found: SpanLink[] = [];
  for (let nth = 0; nth < MOST_LINKS; nth++) {
    const tag = tags[`otlp.link.${nth}`];
    if (typeof tag !== 'string') break;
    const [traceId, spanId, , attributes] = tag.split('|');
    found.push({
      traceId: flaws.id(traceId, 'traceId of a link', [16, 32]).padStart(32, '0'),
      spanId: flaws.id(spanId, 'spanId of a link', [16]),
      attributes: parsedObject(attributes ?? '') as Attributes,
    });
  }
  return found;
}
const NO_LINKS: readonly SpanLink[] = [];
const MOST_LINKS = 1000;

function parsedObject(text: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text);
    return isRecord(json) ? json : {};
  } catch {
    return {};
  }
}

function scope(attributes: Attributes): Scope | undefined {
  const text = (key: string): string => {
    const value = attributes[key];
    return typeof value === 'string' ? value : '';
  };
  const name = text('otel.scope.name') || text('otel.library.name');
  if (name === '') return undefined;
  const version = text('otel.scope.version') || text('otel.library.version');
  return { name, version, schemaUrl: text('otel.scope.schema_url') };
}

function dropped(attributes: Attributes): Dropped {
  const count = (what: string): number => Number(attributes[`otel.dropped_${what}_count`] ?? 0);
  if (!('otel.dropped_attributes_count' in attributes))
    if (!('otel.dropped_events_count' in attributes))
      if (!('otel.dropped_links_count' in attributes)) return NOTHING_DROPPED;
  return { attributes: count('attributes'), events: count('events'), links: count('links') };
}

function flag(value: unknown, field: string, flaws: FlawList): boolean {
  if (value !== undefined && value !== null && typeof value !== 'boolean')
    flaws.add(`${field} is not true or false`);
  return value === true;
}
