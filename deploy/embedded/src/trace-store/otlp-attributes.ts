import type { Attributes } from '@opentelemetry/api';
import { parseInteger, parseObject, parseText } from './parse-json.ts';
import { MalformedError } from './span.ts';

/** Attributes are lists of texts and numbers in practice. */
const MOST_LEVELS = 32;

/** A list of OTLP's key-value pairs. What is no text, number, truth value or list of one of them becomes JSON. */
export function parseAttributes(value: unknown, field: string): Attributes {
  const attributes: Attributes = {};
  for (const item of parseList(value, field)) {
    const { key, value: given } = parseObject(item, field);
    const parsed = anyValue(given, 0);
    if (parsed !== undefined) attributes[parseText(key, `${field} key`)] = simple(parsed);
  }
  return attributes;
}

export function parseList(value: unknown, field: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new MalformedError(`${field} is not a list`);
  return value;
}

function simple(value: unknown): string | number | boolean | string[] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  if (Array.isArray(value) && value.every((it) => typeof it === 'string')) return value;
  return JSON.stringify(value);
}

function anyValue(value: unknown, level: number): unknown {
  if (value === undefined || value === null) return undefined;
  if (level > MOST_LEVELS) throw new MalformedError('attributes are nested too deeply');
  const given = parseObject(value, 'value');
  if (given['stringValue'] !== undefined) return parseText(given['stringValue'], 'stringValue');
  if (given['boolValue'] !== undefined) return given['boolValue'] === true;
  if (given['intValue'] !== undefined) return integer(given['intValue']);
  if (given['doubleValue'] !== undefined) return double(given['doubleValue']);
  if (given['arrayValue'] !== undefined) {
    const { values } = parseObject(given['arrayValue'], 'arrayValue');
    return parseList(values, 'values').map((it) => anyValue(it, level + 1) ?? null);
  }
  if (given['kvlistValue'] !== undefined) {
    const { values } = parseObject(given['kvlistValue'], 'kvlistValue');
    return Object.fromEntries(
      parseList(values, 'values').map((item) => {
        const pair = parseObject(item, 'kvlistValue');
        return [parseText(pair['key'], 'key'), anyValue(pair['value'], level + 1) ?? null];
      }),
    );
  }
  const bytes = given['bytesValue'];
  if (bytes !== undefined) {
    return Buffer.isBuffer(bytes) ? bytes.toString('base64') : parseText(bytes, 'bytesValue');
  }
  return undefined; // an empty value
}

/** 64 bits come as text. One that JavaScript cannot hold stays one. */
function integer(value: unknown): number | string {
  const text = parseText(value, 'intValue');
  if (!/^-?\d{1,20}$/.test(text)) throw new MalformedError('intValue is not a whole number');
  return Number.isSafeInteger(Number(text)) ? parseInteger(text, 'intValue') : text;
}

/** JSON has no infinity: these come as words. */
function double(value: unknown): number | string {
  const text = parseText(value, 'doubleValue');
  return Number.isFinite(Number(text)) ? Number(text) : text;
}
