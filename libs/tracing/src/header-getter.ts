import { defaultTextMapGetter, type TextMapGetter } from '@opentelemetry/api';

/** Expects names in lower case. Header values may be bytes, numbers or truth values (AMQP clients in other languages), and lists of them. */
export const headerGetter: TextMapGetter<Record<string, unknown>> = {
  keys: (headers) => defaultTextMapGetter.keys(headers),
  get(headers, name) {
    const value = headers[name];
    if (!Array.isArray(value)) return headerText(value);
    return value.map(headerText).filter((part) => part !== undefined);
  },
};

function headerText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
