import type { Json } from './parse-json.ts';
import { MalformedError } from './span.ts';

/** What a field holds. 64-bit numbers become decimal text, as in protobuf's JSON; `hex` is for ids, which both formats send as bytes. */
type FieldType = 'text' | 'hex' | 'bytes' | 'long' | 'fixed' | 'double' | 'int' | 'bits' | 'flag';

interface Field {
  readonly name: string;
  /** A function where a message contains itself. */
  readonly type: FieldType | Message | (() => Message);
  readonly list?: true;
}

/** The fields of a message by number. Others are skipped. */
export type Message = Readonly<Record<number, Field>>;

const VARINT = 0;
const EIGHT_BYTES = 1;
const LENGTH = 2;
const FOUR_BYTES = 5;

const WIRE_TYPES = {
  text: LENGTH,
  hex: LENGTH,
  bytes: LENGTH,
  long: VARINT,
  int: VARINT,
  flag: VARINT,
  fixed: EIGHT_BYTES,
  double: EIGHT_BYTES,
  bits: FOUR_BYTES,
} as const;

/** As in protobuf's own readers. */
const MOST_LEVELS = 100;
/** Of one body. The most that exporters send, some ten thousand spans with their attributes, is below it. An empty message takes two bytes, its object fifty. */
const MOST_MESSAGES = 500_000;

/** @throws MalformedError for bytes that are no such message */
export function decodeMessage(bytes: Buffer, message: Message): Json {
  return new Reader(bytes).message(message, bytes.length, 0);
}

class Reader {
  private at = 0;
  private messages = 0;

  constructor(private readonly bytes: Buffer) {}

  message(fields: Message, end: number, level: number): Json {
    if (level > MOST_LEVELS) throw new MalformedError('messages are nested too deeply');
    if (++this.messages > MOST_MESSAGES) throw new MalformedError('too many messages');
    const json: Json = {};
    while (this.at < end) {
      const key = this.varint();
      const wireType = Number(key & 7n);
      const field = fields[Number(key >> 3n)];
      if (!field || wireType !== wireTypeOf(field)) {
        this.skip(wireType, end);
        continue;
      }
      const value = this.value(field, end, level);
      if (!field.list) json[field.name] = value;
      else ((json[field.name] ??= []) as unknown[]).push(value); // only set here
    }
    return json;
  }

  private value({ type }: Field, end: number, level: number): unknown {
    switch (type) {
      case 'long':
        return String(BigInt.asIntN(64, this.varint()));
      case 'int':
        return Number(BigInt.asIntN(32, this.varint()));
      case 'flag':
        return this.varint() !== 0n;
      case 'fixed':
        return String(this.bytes.readBigUInt64LE(this.move(8, end)));
      case 'double':
        return this.bytes.readDoubleLE(this.move(8, end));
      case 'bits':
        return this.bytes.readUInt32LE(this.move(4, end));
      case 'text':
        return this.slice(end).toString('utf8');
      case 'hex':
        return this.slice(end).toString('hex');
      case 'bytes':
        return this.slice(end);
      default: {
        const length = this.length(end);
        const fields = typeof type === 'function' ? type() : type;
        return this.message(fields, this.at + length, level + 1);
      }
    }
  }

  private varint(): bigint {
    let low = 0; // four bytes of seven bits: most numbers are lengths and keys
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      low |= (byte & 127) << shift;
      if (byte < 128) return BigInt(low);
    }
    let value = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new MalformedError('a number is longer than 64 bits');
  }

  private byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw truncated();
    return byte;
  }

  private slice(end: number): Buffer {
    const length = this.length(end);
    const from = this.move(length, end);
    return this.bytes.subarray(from, from + length);
  }

  private length(end: number): number {
    const length = Number(this.varint());
    if (this.at + length > end) throw truncated();
    return length;
  }

  /** Returns the place before. */
  private move(length: number, end: number): number {
    const from = this.at;
    if (from + length > end) throw truncated();
    this.at += length;
    return from;
  }

  private skip(wireType: number, end: number): void {
    if (wireType === VARINT) this.varint();
    else if (wireType === EIGHT_BYTES) this.move(8, end);
    else if (wireType === LENGTH) this.slice(end);
    else if (wireType === FOUR_BYTES) this.move(4, end);
    else throw new MalformedError(`unknown wire type ${wireType}`);
  }
}

function wireTypeOf({ type }: Field): number {
  return typeof type === 'string' ? WIRE_TYPES[type] : LENGTH;
}

function truncated(): MalformedError {
  return new MalformedError('the message ends too early');
}
