import {
  type Attributes,
  type Context,
  propagation,
  SpanKind,
  type TextMapGetter,
  type TextMapSetter,
} from '@opentelemetry/api';
import { W3CBaggagePropagator } from '@opentelemetry/core';
import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace';

/** Up to here W3C Baggage asks for everything to be passed on; more would burden every call of a trace. */
const MOST_MEMBERS = 64;
const MOST_BYTES = 8192;
/** Characters of a value that becomes an attribute or a log field. */
const MOST_CHARACTERS = 256;

/** The entries of the baggage that `names` allows; undefined if there are none. */
export function baggageEntries(
  from: Context,
  names: readonly string[],
): Record<string, string> | undefined {
  const baggage = names.length === 0 ? undefined : propagation.getBaggage(from);
  if (!baggage) return undefined;
  let entries: Record<string, string> | undefined;
  for (const name of names) {
    const value = baggage.getEntry(name)?.value;
    if (value !== undefined) (entries ??= {})[name] = value.slice(0, MOST_CHARACTERS);
  }
  return entries;
}

/** `from` with these entries, which replace others of their names. */
export function withBaggage(from: Context, entries: Readonly<Record<string, string>>): Context {
  let baggage = propagation.getBaggage(from) ?? propagation.createBaggage();
  for (const [name, value] of Object.entries(entries)) baggage = baggage.setEntry(name, { value });
  return propagation.setBaggage(from, baggage);
}

/** The allowed entries, if a span of this kind shows them: those where a service begins its work. */
export function baggageAttributes(
  from: Context,
  kind: SpanKind | undefined,
  names: readonly string[],
): Attributes | undefined {
  const shows = kind === SpanKind.SERVER || kind === SpanKind.CONSUMER;
  return shows ? baggageEntries(from, names) : undefined;
}

/** Copies the allowed entries of the baggage to attributes of SERVER and CONSUMER spans. For any SDK. */
export class BaggageTags implements SpanProcessor {
  constructor(private readonly names: readonly string[]) {}

  onStart(span: Span, parent: Context): void {
    const entries = baggageAttributes(parent, span.kind, this.names);
    if (entries) span.setAttributes(entries);
  }

  onEnd(): void {
    // nothing to do: the baggage was there at the start
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** OpenTelemetry's, within W3C's limits: the first 64 members and 8192 bytes are read and passed on. */
export class BoundedBaggagePropagator {
  private readonly w3c = new W3CBaggagePropagator();

  extract(from: Context, carrier: unknown, getter: TextMapGetter): Context {
    const header = getter.get(carrier, 'baggage');
    if (header === undefined) return from;
    const bounded = { baggage: firstMembers(Array.isArray(header) ? header.join(',') : header) };
    return this.w3c.extract(from, bounded, ONLY);
  }

  inject(from: Context, carrier: unknown, setter: TextMapSetter): void {
    if (!propagation.getBaggage(from)) return;
    const written: { baggage?: string } = {};
    this.w3c.inject(from, written, WRITTEN);
    if (written.baggage !== undefined)
      setter.set(carrier, 'baggage', firstMembers(written.baggage));
  }

  fields(): string[] {
    return this.w3c.fields();
  }
}

const ONLY: TextMapGetter<{ baggage: string }> = {
  get: ({ baggage }) => baggage,
  keys: () => ['baggage'],
};
const WRITTEN: TextMapSetter<{ baggage?: string }> = {
  set: (carrier, _name, value) => {
    carrier.baggage = value;
  },
};

/** Whole members only. */
function firstMembers(header: string): string {
  if (header.length <= MOST_BYTES && !hasMany(header)) return header;
  const kept: string[] = [];
  let bytes = -1;
  for (const member of header.slice(0, MOST_BYTES + 1).split(',')) {
    bytes += member.length + 1;
    if (bytes > MOST_BYTES || kept.length === MOST_MEMBERS) break;
    kept.push(member);
  }
  return kept.join(',');
}

/** A header of 64 members has at least as many commas, less one, and two characters for each. */
function hasMany(header: string): boolean {
  return (
    header.length >= 3 * MOST_MEMBERS && header.split(',', MOST_MEMBERS + 1).length > MOST_MEMBERS
  );
}
