import { describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import { asBytes, type Headers, hop, SHORT_TRACE, SPAN, TRACE } from './headers.ts';

const OTHER_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const OTHER_SPAN = '00f067aa0ba902b7';

describe('OTEL_PROPAGATORS', () => {
  it.each<[string, string[]]>([
    ['tracecontext', ['traceparent', 'tracestate']],
    ['baggage', ['baggage']],
    ['b3', ['b3']],
    ['b3multi', ['x-b3-sampled', 'x-b3-spanid', 'x-b3-traceid']],
    ['tracecontext, b3', ['b3', 'traceparent', 'tracestate']],
    ['none', []],
    [
      'tracecontext,baggage,b3multi',
      ['baggage', 'traceparent', 'tracestate', 'x-b3-sampled', 'x-b3-spanid', 'x-b3-traceid'],
    ],
  ])('of %s writes these headers', async (names, expected) => {
    const tracing = await Tracing.start('carts', tracingConfig({ OTEL_PROPAGATORS: names }));
    const caller = { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'a=1', baggage: 'b=2' };
    expect(Object.keys(hop(tracing, caller)).sort()).toEqual(expected);
    await tracing.shutdown();
  });

  it('writes W3C and B3 of the same span when unset', async () => {
    const tracing = await Tracing.start('carts');
    const sent = hop(tracing, {});
    expect(sent['traceparent']).toBe(`00-${sent['x-b3-traceid']}-${sent['x-b3-spanid']}-01`);
    await tracing.shutdown();
  });

  it.each<[string, Headers]>([
    ['W3C', { traceparent: `00-${TRACE}-${SPAN}-01` }],
    ['B3 in one header', { b3: `${TRACE}-${SPAN}-1` }],
    ['B3 in several headers', { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-sampled': '1' }],
  ])('of tracecontext still reads %s', async (_case, headers) => {
    const config = tracingConfig({ OTEL_PROPAGATORS: 'tracecontext' });
    const tracing = await Tracing.start('carts', config);
    expect(hop(tracing, headers)['traceparent']).toContain(TRACE);
    await tracing.shutdown();
  });
});

describe('W3C and B3 in conflict', () => {
  const traceparent = `00-${TRACE}-${SPAN}-01`;
  const b3 = { 'x-b3-traceid': OTHER_TRACE, 'x-b3-spanid': OTHER_SPAN };
  it.each<[string, Headers, RegExp]>([
    ['other ids', { traceparent, ...b3 }, new RegExp(`^00-${TRACE}-.*-01$`)],
    [
      'a deny with ids',
      { traceparent, ...b3, 'x-b3-sampled': '0' },
      new RegExp(`^00-${TRACE}-.*-01$`),
    ],
    ['a deny alone', { traceparent, b3: '0' }, new RegExp(`^00-${TRACE}-.*-01$`)],
    [
      'a debug flag',
      { traceparent: `00-${TRACE}-${SPAN}-00`, 'x-b3-flags': '1' },
      new RegExp(`^00-${TRACE}-.*-00$`),
    ],
    [
      'ids beside a broken traceparent',
      { traceparent: 'broken', ...b3 },
      new RegExp(`^00-${OTHER_TRACE}-.*-01$`),
    ],
    ['a deny beside a broken traceparent', { traceparent: 'broken', b3: '0' }, /-00$/],
  ])('are settled for B3 with %s', async (_case, headers, expected) => {
    const tracing = await Tracing.start('carts', tracingConfig({}), new InMemorySpanExporter());
    const sent = hop(tracing, headers);
    expect(sent['traceparent']).toMatch(expected);
    expect(sent['x-b3-flags']).toBeUndefined();
    await tracing.shutdown();
  });
});

describe('B3 debug', () => {
  const debug: [string, Headers][] = [
    ['b3', { b3: `${TRACE}-${SPAN}-d` }],
    ['X-B3-*', { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-flags': '1' }],
  ];
  const modes: [string, Record<string, string>][] = [
    ['sampled', {}],
    ['unsampled of its own', { OTEL_TRACES_SAMPLER: 'always_off' }],
    ['exported nowhere', { OTEL_TRACES_EXPORTER: 'none' }],
    ['off', { OTEL_SDK_DISABLED: 'true' }],
  ];
  const cases = modes.flatMap(([mode, env]) =>
    debug.map(([form, headers]) => [form, mode, headers, env] as const),
  );

  it.each(cases)(
    'in %s survives three hops with tracing %s',
    async (_form, _mode, headers, env) => {
      const tracing = await Tracing.start('carts', tracingConfig(env));
      const first = hop(tracing, headers);
      const third = hop(tracing, asBytes(hop(tracing, first))); // over HTTP, then over a queue
      for (const sent of [first, third]) {
        expect(sent).toMatchObject({ 'x-b3-traceid': TRACE, 'x-b3-flags': '1' });
        expect(sent['traceparent']).toBe(`00-${TRACE}-${sent['x-b3-spanid']}-01`);
        expect(sent).not.toHaveProperty('x-b3-sampled');
      }
      await tracing.shutdown();
    },
  );

  it.each<[string, string, Headers, Headers]>([
    ['of the same trace counts', '01', { b3: `${TRACE}-${SPAN}-d` }, { 'x-b3-flags': '1' }],
    [
      'of the same trace samples it',
      '00',
      { 'x-b3-traceid': TRACE, 'x-b3-spanid': OTHER_SPAN, 'x-b3-flags': '1' },
      { 'x-b3-flags': '1' },
    ],
    [
      'of a caller that knows 64 bits of the trace counts',
      '01',
      { b3: `${SHORT_TRACE}-${SPAN}-d` },
      { 'x-b3-flags': '1' },
    ],
    [
      'of another trace does not count',
      '01',
      { b3: `${OTHER_TRACE}-${OTHER_SPAN}-d` },
      { 'x-b3-sampled': '1' },
    ],
    ['without ids does not count', '00', { b3: 'd' }, { 'x-b3-sampled': '0' }],
  ])('beside a traceparent and %s', async (_case, flags, headers, expected) => {
    const tracing = await Tracing.start('carts');
    const sent = hop(tracing, { traceparent: `00-${TRACE}-${SPAN}-${flags}`, ...headers });
    const { traceparent, 'x-b3-traceid': traceId, 'x-b3-spanid': spanId, ...decision } = sent;
    expect([traceId, decision]).toEqual([TRACE, expected]);
    const sampled = expected['x-b3-sampled'] === '0' ? '00' : '01';
    expect(traceparent).toBe(`00-${TRACE}-${spanId}-${sampled}`);
    await tracing.shutdown();
  });
});

describe('the context is passed on', () => {
  const caller = { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'a=1', baggage: 'b=2' };

  it('unchanged with the SDK disabled', async () => {
    const tracing = await Tracing.start('carts', tracingConfig({ OTEL_SDK_DISABLED: 'true' }));
    expect(hop(tracing, caller)).toEqual({
      ...caller,
      'x-b3-traceid': TRACE,
      'x-b3-spanid': SPAN,
      'x-b3-sampled': '1',
    });
    await tracing.shutdown();
  });

  it.each<[string, Headers]>([
    ['0', { 'x-b3-sampled': '0' }],
    ['1', { 'x-b3-sampled': '1' }],
    ['d', { 'x-b3-flags': '1' }],
  ])('as the bare decision b3: %s with the SDK disabled', async (b3, expected) => {
    const tracing = await Tracing.start('carts', tracingConfig({ OTEL_SDK_DISABLED: 'true' }));
    expect(hop(tracing, { b3 })).toEqual(expected);
    await tracing.shutdown();
  });

  it('as nothing with the SDK disabled and no caller', async () => {
    const tracing = await Tracing.start('carts', tracingConfig({ OTEL_SDK_DISABLED: 'true' }));
    expect(hop(tracing, {})).toEqual({});
    await tracing.shutdown();
  });

  it('with flags of two digits, whatever the caller sent, with the SDK disabled', async () => {
    const tracing = await Tracing.start('carts', tracingConfig({ OTEL_SDK_DISABLED: 'true' }));
    const sent = hop(tracing, { traceparent: `00-${TRACE}-${SPAN}-ff` });
    expect(sent['traceparent']).toBe(`00-${TRACE}-${SPAN}-03`);
    await tracing.shutdown();
  });

  it.each([
    ['without an exporter', { OTEL_TRACES_EXPORTER: 'none', ZIPKIN: 'nowhere.invalid' }, '01'],
    ['when the sampler is off', { OTEL_TRACES_SAMPLER: 'always_off' }, '00'],
  ])('in spans of its own %s', async (_case, env, flags) => {
    const tracing = await Tracing.start('carts', tracingConfig(env));
    const sent = hop(tracing, caller);
    expect(sent['traceparent']).toMatch(new RegExp(`^00-${TRACE}-[\\da-f]{16}-${flags}$`));
    expect(sent).toMatchObject({ tracestate: 'a=1', baggage: 'b=2' });
    await tracing.shutdown();
  });

  it('for an unsampled trace, of which nothing is exported', async () => {
    const spans = new InMemorySpanExporter();
    const tracing = await Tracing.start('carts', tracingConfig({}), spans);
    const sent = hop(tracing, { ...caller, traceparent: `00-${TRACE}-${SPAN}-00` });
    expect(sent['traceparent']).toMatch(new RegExp(`^00-${TRACE}-[\\da-f]{16}-00$`));
    expect(sent).toMatchObject({ 'x-b3-sampled': '0', tracestate: 'a=1', baggage: 'b=2' });
    expect(spans.getFinishedSpans()).toEqual([]);
    await tracing.shutdown();
  });
});
