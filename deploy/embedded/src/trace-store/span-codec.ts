import { KINDS, type Endpoint, type Span } from './span.ts';
import type { StringTable } from './string-table.ts';

/**
 * A span as bytes, one per character: V8's smallest container (16 bytes besides the content; a buffer takes over 200),
 * and equal spans are equal strings. First the timestamp, then kind and flags, the ids, and all texts as numbers of a StringTable.
 */
export type SpanRecord = string;

const PARENT = 8;
const DEBUG = 16;
const SHARED = 32;
const LOCAL = 64;
const REMOTE = 128;

/** Acquires the texts; `releaseTexts` releases them. */
export function encodeSpan(span: Span, texts: StringTable): SpanRecord {
  const { parentId, kind, tags, localEndpoint, remoteEndpoint, annotations = [] } = span;
  const write = new Writer(texts);
  write.number(span.timestamp ?? 0);
  write.byte(
    (kind ? KINDS.indexOf(kind) + 1 : 0) |
      (parentId ? PARENT : 0) |
      (span.debug ? DEBUG : 0) |
      (span.shared ? SHARED : 0) |
      (localEndpoint ? LOCAL : 0) |
      (remoteEndpoint ? REMOTE : 0),
  );
  write.spanId(span.id);
  if (parentId) write.spanId(parentId);
  write.text(span.traceId);
  write.text(span.name);
  write.number(span.duration ?? 0);
  if (localEndpoint) write.endpoint(localEndpoint);
  if (remoteEndpoint) write.endpoint(remoteEndpoint);
  write.number(annotations.length);
  for (const annotation of annotations) {
    write.number(annotation.timestamp);
    write.text(annotation.value);
  }
  const keys = tags ? Object.keys(tags) : [];
  write.number(keys.length);
  for (const key of keys) {
    write.text(key);
    write.text(tags?.[key]);
  }
  return write.record();
}

/** The bytes of the span that is being encoded. Each number takes 8 bytes at most, and a parser limits the numbers of a span. */
const scratch = Buffer.alloc(16 * 1024);

class Writer {
  private at = 0;

  constructor(private readonly texts: StringTable) {}

  byte(value: number): void {
    scratch[this.at++] = value;
  }

  number(value: number): void {
    let rest = value; // up to 2^53: too long for shifts
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.byte((rest % 128) + 128);
    this.byte(rest);
  }

  text(value: string | undefined): void {
    this.number(value === undefined ? 0 : this.texts.acquire(value));
  }

  spanId(hex: string): void {
    this.at += scratch.write(hex, this.at, 'hex');
  }

  endpoint({ serviceName, ipv4, ipv6, port }: Endpoint): void {
    this.text(serviceName);
    this.text(ipv4);
    this.text(ipv6);
    this.number(port ?? 0);
  }

  record(): SpanRecord {
    return scratch.toString('latin1', 0, this.at);
  }
}

export function decodeSpan(record: SpanRecord, texts: StringTable): Span {
  const read = new Reader(record, (id) => texts.text(id));
  const timestamp = read.number();
  const flags = read.byte();
  const kind = KINDS[(flags & 7) - 1];
  const id = read.spanId();
  const parentId = flags & PARENT ? read.spanId() : undefined;
  const traceId = read.text() ?? '';
  const name = read.text();
  const duration = read.number();
  const localEndpoint = flags & LOCAL ? read.endpoint() : undefined;
  const remoteEndpoint = flags & REMOTE ? read.endpoint() : undefined;
  const annotations = read.list(() => ({ timestamp: read.number(), value: read.text() ?? '' }));
  const tags = read.list((): [string, string] => [read.text() ?? '', read.text() ?? '']);
  return {
    traceId, // in Zipkin's order
    ...(parentId && { parentId }),
    id,
    ...(kind && { kind }),
    ...(name && { name }),
    ...(timestamp && { timestamp }),
    ...(duration && { duration }),
    ...(localEndpoint && { localEndpoint }),
    ...(remoteEndpoint && { remoteEndpoint }),
    ...(annotations.length && { annotations }),
    ...(tags.length && { tags: Object.fromEntries(tags) }),
    ...(flags & DEBUG && { debug: true }),
    ...(flags & SHARED && { shared: true }),
  };
}

/** Releases the texts of a span that the store drops. Returns what the store has counted of it. */
export function releaseTexts(
  record: SpanRecord,
  texts: StringTable,
): Pick<Span, 'name' | 'localEndpoint' | 'remoteEndpoint'> {
  const read = new Reader(record, (id) => {
    const text = texts.text(id);
    texts.release(id);
    return text;
  });
  read.number();
  const flags = read.byte();
  read.skipSpanIds(flags & PARENT ? 2 : 1);
  read.text();
  const name = read.text();
  read.number();
  const localEndpoint = flags & LOCAL ? read.endpoint() : undefined;
  const remoteEndpoint = flags & REMOTE ? read.endpoint() : undefined;
  for (let annotations = read.number(); annotations > 0; annotations--) {
    read.number();
    read.text();
  }
  for (let texts = 2 * read.number(); texts > 0; texts--) read.text();
  return {
    ...(name && { name }),
    ...(localEndpoint && { localEndpoint }),
    ...(remoteEndpoint && { remoteEndpoint }),
  };
}

/** Microseconds since the epoch, 0 when unknown. Reads nothing else. */
export function timestampOf(record: SpanRecord): number {
  return new Reader(record, String).number();
}

class Reader {
  private at = 0;

  constructor(
    private readonly record: SpanRecord,
    private readonly textOf: (id: number) => string,
  ) {}

  byte(): number {
    return this.record.charCodeAt(this.at++);
  }

  number(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  }

  text(): string | undefined {
    const id = this.number();
    return id === 0 ? undefined : this.textOf(id);
  }

  spanId(): string {
    const bytes = this.record.slice(this.at, this.at + 8);
    this.at += 8;
    return Buffer.from(bytes, 'latin1').toString('hex');
  }

  skipSpanIds(count: number): void {
    this.at += 8 * count;
  }

  endpoint(): Endpoint {
    const serviceName = this.text();
    const ipv4 = this.text();
    const ipv6 = this.text();
    const port = this.number();
    return {
      ...(serviceName && { serviceName }),
      ...(ipv4 && { ipv4 }),
      ...(ipv6 && { ipv6 }),
      ...(port && { port }),
    };
  }

  list<T>(item: () => T): T[] {
    return Array.from({ length: this.number() }, item);
  }
}
