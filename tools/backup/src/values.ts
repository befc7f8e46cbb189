import { BSON } from 'mongodb';

/** What EJSON has of a SQL driver's value; any other is text, a number, bigint or null. */
export function exact(value: unknown): unknown {
  return ArrayBuffer.isView(value)
    ? new BSON.Binary(Buffer.from(value.buffer, value.byteOffset, value.byteLength))
    : value;
}

/** The way back, to what a SQL driver takes: numbers of EJSON as JavaScript's, whole ones of 64 bits as bigint. */
export function plain(value: unknown): string | number | bigint | Uint8Array | null {
  if (value instanceof BSON.Long) return value.toBigInt();
  if (value instanceof BSON.Int32 || value instanceof BSON.Double) return value.value;
  if (value instanceof BSON.Binary) return value.value();
  if (value === null || typeof value === 'string') return value;
  throw new TypeError(`a value of SQL that no backup holds: ${typeof value}`);
}
