import type { Message } from './metric-messages.ts';

type Scalar = 'string' | 'hex' | 'double' | 'fixed64' | 'int' | 'bool';
type Type = Scalar | Schema;
/** A field's number and type; `list`: repeated. Numbers of a list are packed. */
type Field = readonly [number: number, type: Type, list?: 'list'];
/** By the name of a field. */
interface Schema {
  // oxlint-disable-next-line typescript/consistent-indexed-object-style -- a record cannot refer to itself
  readonly [name: string]: Field;
}

const KEY_VALUE: Schema = {
  key: [1, 'string'],
  value: [
    2,
    {
      stringValue: [1, 'string'],
      boolValue: [2, 'bool'],
      intValue: [3, 'int'],
      doubleValue: [4, 'double'],
    },
  ],
};
const EXEMPLAR: Schema = {
  timeUnixNano: [2, 'fixed64'],
  asDouble: [3, 'double'],
  spanId: [4, 'hex'],
  traceId: [5, 'hex'],
};
const TIMES: Schema = { startTimeUnixNano: [2, 'fixed64'], timeUnixNano: [3, 'fixed64'] };
const NUMBER_POINT: Schema = {
  ...TIMES,
  asDouble: [4, 'double'],
  exemplars: [5, EXEMPLAR, 'list'],
  attributes: [7, KEY_VALUE, 'list'],
};
const HISTOGRAM_POINT: Schema = {
  ...TIMES,
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  bucketCounts: [6, 'fixed64', 'list'],
  explicitBounds: [7, 'double', 'list'],
  exemplars: [8, EXEMPLAR, 'list'],
  attributes: [9, KEY_VALUE, 'list'],
};
const METRIC: Schema = {
  name: [1, 'string'],
  description: [2, 'string'],
  unit: [3, 'string'],
  gauge: [5, { dataPoints: [1, NUMBER_POINT, 'list'] }],
  sum: [
    7,
    {
      dataPoints: [1, NUMBER_POINT, 'list'],
      aggregationTemporality: [2, 'int'],
      isMonotonic: [3, 'bool'],
    },
  ],
  histogram: [9, { dataPoints: [1, HISTOGRAM_POINT, 'list'], aggregationTemporality: [2, 'int'] }],
};
const SCOPE_METRICS: Schema = {
  scope: [1, { name: [1, 'string'], version: [2, 'string'] }],
  metrics: [2, METRIC, 'list'],
  schemaUrl: [3, 'string'],
};
const RESOURCE_METRICS: Schema = {
  resource: [1, { attributes: [1, KEY_VALUE, 'list'] }],
  scopeMetrics: [2, SCOPE_METRICS, 'list'],
  schemaUrl: [3, 'string'],
};
/** The fields of OTLP's `ExportMetricsServiceRequest` that a service sends. */
export const METRICS_REQUEST: Schema = { resourceMetrics: [1, RESOURCE_METRICS, 'list'] };

/** A message in protobuf's form. */
export function encode(schema: Schema, message: Message): Buffer {
  const parts: Buffer[] = [];
  for (const [name, [number, type, list]] of Object.entries(schema)) {
    const value = message[name];
    if (value === undefined) continue;
    if (list === undefined) parts.push(...field(number, type, value));
    else if (type === 'fixed64' || type === 'double') {
      const numbers = (value as unknown[]).map((each) => content(type, each)); // by the schema
      parts.push(...delimited(number, Buffer.concat(numbers)));
    } else {
      for (const each of value as unknown[]) parts.push(...field(number, type, each)); // by the schema
    }
  }
  return Buffer.concat(parts);
}

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;

function field(number: number, type: Type, value: unknown): Buffer[] {
  if (type === 'int' || type === 'bool') return [key(number, VARINT), content(type, value)];
  if (type === 'double' || type === 'fixed64') return [key(number, FIXED64), content(type, value)];
  return delimited(number, content(type, value));
}

function delimited(number: number, bytes: Buffer): Buffer[] {
  return [key(number, DELIMITED), varint(BigInt(bytes.length)), bytes];
}

/** The bytes of a value, which is as the schema says. */
function content(type: Type, value: unknown): Buffer {
  if (type === 'string') return Buffer.from(value as string);
  if (type === 'hex') return Buffer.from(value as string, 'hex');
  if (type === 'bool') return varint(value === true ? 1n : 0n);
  if (type === 'int') return varint(BigInt.asUintN(64, BigInt(value as string | number)));
  if (type === 'double' || type === 'fixed64') {
    const bytes = Buffer.alloc(8);
    if (type === 'double') bytes.writeDoubleLE(value as number);
    else bytes.writeBigUInt64LE(BigInt(value as string));
    return bytes;
  }
  return encode(type, value as Message);
}

function key(number: number, wire: number): Buffer {
  return varint(BigInt(number * 8 + wire));
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
