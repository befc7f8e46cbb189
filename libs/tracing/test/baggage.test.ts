import { describe, expect, it } from '@jest/globals';
import { propagation, SpanKind, trace } from '@opentelemetry/api';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { baggageEntries, withBaggage } from '../src/baggage.ts';
import { NO_CONTEXT } from '../src/linked-context.ts';
import { storedContext } from '../src/stored-context.ts';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import { hop, SPAN, TRACE } from './headers.ts';

const traceparent = `00-${TRACE}-${SPAN}-01`;
const members = (count: number, value = '1'): string =>
  Array.from({ length: count }, (_, index) => `key${index}=${value}`).join(',');

describe('baggage', () => {
  it.each([
    ['with properties and percent-encoding', 'a=1;public;ttl=5,city=Z%C3%BCrich'],
    ['of 64 members', members(64)],
    ['of 8192 bytes', `a=${'x'.repeat(4000)},b=${'y'.repeat(4000)},c=${'z'.repeat(184)}`],
  ])('%s crosses HTTP and a queue as it came', async (_case, baggage) => {
    const tracing = await Tracing.start('carts');
    const sent = hop(tracing, hop(tracing, { traceparent, baggage }));
    expect(sent['baggage']).toBe(baggage);
  });

  it.each([
    ['65 members: 64 are', members(65), members(64)],
    [
      '8193 bytes: whole members are',
      `a=1,${members(3, 'x'.repeat(2725))}`,
      `a=1,${members(2, 'x'.repeat(2725))}`,
    ],
    [
      'several headers: 64 members are',
      [members(40), members(80).slice(members(40).length + 1)],
      members(64),
    ],
  ])('of %s passed on', async (_case, baggage, expected) => {
    const tracing = await Tracing.start('carts');
    expect(hop(tracing, { traceparent, baggage })['baggage']?.split(',').sort()).toEqual(
      expected.split(',').sort(),
    );
  });

  it('with a line break from a queue does not break an HTTP header', async () => {
    const tracing = await Tracing.start('carts');
    const sent = hop(tracing, { traceparent, baggage: 'a=1\r\nx-evil: 1,b=2' });
    expect(sent['baggage']).not.toMatch(/[\r\n]/);
    expect(sent['baggage']).toContain('b=2');
  });

  it('that is not well-formed is not passed on, and the trace goes on', async () => {
    const tracing = await Tracing.start('carts');
    const sent = hop(tracing, { traceparent, baggage: ',,=,%' });
    expect(sent['baggage']).toBeUndefined();
    expect(sent['traceparent']).toContain(TRACE);
  });

  it.each<[SpanKind, boolean]>([
    [SpanKind.SERVER, true],
    [SpanKind.CONSUMER, true],
    [SpanKind.CLIENT, false],
    [SpanKind.PRODUCER, false],
    [SpanKind.INTERNAL, false],
  ])(
    'becomes attributes of spans of kind %s: %s, those on the list and no others',
    async (kind, shown) => {
      const exporter = new InMemorySpanExporter();
      const tracing = await Tracing.start('carts', tracingConfig({}), exporter);
      const baggage = `token=secret,user-name=e%20ve,session.id=${'7'.repeat(300)}`;
      const caller = tracing.extract({ traceparent, baggage });
      tracing.tracer.startSpan('work', { kind }, caller).end();
      const cut = '7'.repeat(256);
      expect(exporter.getFinishedSpans()[0]?.attributes).toEqual(
        shown ? { 'user-name': 'e ve', 'session.id': cut } : {},
      );
    },
  );

  it('becomes the attributes that BAGGAGE_TAG_FIELDS names', async () => {
    const exporter = new InMemorySpanExporter();
    const config = tracingConfig({ BAGGAGE_TAG_FIELDS: 'tenant' });
    const tracing = await Tracing.start('carts', config, exporter);
    const caller = tracing.extract({ baggage: 'user-name=eve,tenant=t1' });
    tracing.tracer.startSpan('work', { kind: SpanKind.SERVER }, caller).end();
    expect(exporter.getFinishedSpans()[0]?.attributes).toEqual({ tenant: 't1' });
  });

  it('is stored with the trace of work that is finished later, as far as the list goes', async () => {
    const tracing = await Tracing.start('carts');
    const caller = tracing.extract({ traceparent, baggage: 'user-name=e%20ve,other=1' });
    const stored = storedContext(caller, ['user-name']);
    expect(stored).toEqual({ traceparent, baggage: 'user-name=e%20ve' });
    const restored = tracing.extract({ ...stored });
    expect(baggageEntries(restored, ['user-name'])).toEqual({ 'user-name': 'e ve' });
    expect(trace.getSpanContext(restored)?.traceId).toBe(TRACE);
    expect(storedContext(NO_CONTEXT)).toBeUndefined();
  });

  it('gets entries that replace those of a caller', () => {
    const caller = withBaggage(NO_CONTEXT, { 'user-name': 'mallory', kept: '1' });
    const own = withBaggage(caller, { 'user-name': 'eve' });
    const entries = propagation.getBaggage(own)?.getAllEntries();
    expect(entries?.map(([name, { value }]) => [name, value])).toEqual([
      ['user-name', 'eve'],
      ['kept', '1'],
    ]);
  });
});
