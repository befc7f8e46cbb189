import { KINDS, type Endpoint, type Span } from '../src/trace-store/span.ts';

/** Spans in Zipkin's protobuf, as its reporters send them. */
export function protoSpans(spans: readonly Span[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(spans.map((span) => bytes(1, encode(span)))));
}

function encode(span: Span): Buffer {
  const { annotations = [], tags = {}, kind } = span;
  return Buffer.concat([
    bytes(1, hex(span.traceId)),
    ...(span.parentId ? [bytes(2, hex(span.parentId))] : []),
    bytes(3, hex(span.id)),
    ...(kind ? [number(4, KINDS.indexOf(kind) + 1)] : []),
    ...(span.name === undefined ? [] : [bytes(5, Buffer.from(span.name))]),
    ...(span.timestamp === undefined ? [] : [fixed(6, span.timestamp)]),
    ...(span.duration === undefined ? [] : [number(7, span.duration)]),
    ...(span.localEndpoint ? [bytes(8, endpoint(span.localEndpoint))] : []),
    ...(span.remoteEndpoint ? [bytes(9, endpoint(span.remoteEndpoint))] : []),
    ...annotations.map(({ timestamp, value }) =>
      bytes(10, Buffer.concat([fixed(1, timestamp), bytes(2, Buffer.from(value))])),
    ),
    ...Object.entries(tags).map(([key, value]) =>
      bytes(11, Buffer.concat([bytes(1, Buffer.from(key)), bytes(2, Buffer.from(value))])),
    ),
    ...(span.debug ? [number(12, 1)] : []),
    ...(span.shared ? [number(13, 1)] : []),
    number(99, 5), // of a later version
  ]);
}

function endpoint({ serviceName, ipv4, ipv6, port }: Endpoint): Buffer {
  return Buffer.concat([
    ...(serviceName ? [bytes(1, Buffer.from(serviceName))] : []),
    ...(ipv4 ? [bytes(2, Buffer.from(ipv4.split('.').map(Number)))] : []),
    ...(ipv6 ? [bytes(3, hex(ipv6))] : []),
    ...(port ? [number(4, port)] : []),
  ]);
}

function hex(digits: string): Buffer {
  return Buffer.from(digits, 'hex');
}

function varint(value: number): Buffer {
  const result: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) result.push((rest % 128) + 128);
  return Buffer.from([...result, rest]);
}

function number(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

function fixed(field: number, value: number): Buffer {
  const content = Buffer.alloc(8);
  content.writeBigUInt64LE(BigInt(value));
  return Buffer.concat([varint(field * 8 + 1), content]);
}

export function bytes(field: number, content: Buffer): Buffer {
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
}
