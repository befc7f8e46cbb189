import { propagation } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import { type Headers, hop, injected, SPAN, TRACE } from './headers.ts';

describe('W3C trace context', () => {
  let tracing: Tracing;
  beforeAll(async () => {
    const config = tracingConfig({ OTEL_PROPAGATORS: 'tracecontext,baggage' });
    tracing = await Tracing.start('carts', config, new InMemorySpanExporter());
  });
  afterAll(() => tracing.shutdown());

  it.each([
    ['version 00, sampled', `00-${TRACE}-${SPAN}-01`, '01'],
    ['version 00, not sampled', `00-${TRACE}-${SPAN}-00`, '00'],
    ['the random flag', `00-${TRACE}-${SPAN}-03`, '03'],
    ['the random flag of an unsampled trace', `00-${TRACE}-${SPAN}-02`, '02'],
    ['flags that mean nothing yet', `00-${TRACE}-${SPAN}-fd`, '01'],
    ['a higher version', `01-${TRACE}-${SPAN}-01`, '01'],
    ['a higher version with more parts', `cc-${TRACE}-${SPAN}-01-what-comes`, '01'],
  ])('continues a trace of %s', (_case, traceparent, flags) => {
    const sent = hop(tracing, { traceparent })['traceparent'];
    expect(sent).toMatch(new RegExp(`^00-${TRACE}-[\\da-f]{16}-${flags}$`));
    expect(sent).not.toContain(SPAN);
  });

  it.each([
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['version 00 with more parts', `00-${TRACE}-${SPAN}-01-more`],
    ['version 00 with a dash at its end', `00-${TRACE}-${SPAN}-01-`],
    ['a higher version glued to more', `01-${TRACE}-${SPAN}-01what`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['an upper case trace id', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['an upper case span id', `00-${TRACE}-${SPAN.toUpperCase()}-01`],
    ['a short trace id', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a short span id', `00-${TRACE}-${SPAN.slice(1)}-01`],
    ['a long trace id', `00-${TRACE}0-${SPAN}-01`],
    ['one digit of flags', `00-${TRACE}-${SPAN}-1`],
    ['flags that are not hexadecimal', `00-${TRACE}-${SPAN}-0x`],
    ['missing flags', `00-${TRACE}-${SPAN}`],
    ['nothing', ''],
    ['two headers joined', `00-${TRACE}-${SPAN}-01,00-${TRACE}-${SPAN}-01`],
  ])('starts a new, sampled trace for %s', (_case, traceparent) => {
    const sent = hop(tracing, { traceparent, tracestate: 'vendor=1' });
    expect(sent).toEqual({ traceparent: expect.stringMatching(/^00-[\da-f]{32}-[\da-f]{16}-01$/) });
    expect(sent['traceparent']?.toLowerCase()).not.toContain(TRACE.slice(1));
  });

  it('starts a new trace for a repeated header', () => {
    const traceparent = [`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`];
    expect(hop(tracing, { traceparent })['traceparent']).not.toContain(TRACE);
  });

  it('reads header values that arrive as bytes', () => {
    const traceparent = Buffer.from(`00-${TRACE}-${SPAN}-01`);
    expect(hop(tracing, { traceparent })['traceparent']).toContain(TRACE);
  });
});

describe('tracestate', () => {
  let tracing: Tracing;
  beforeAll(async () => {
    const config = tracingConfig({ OTEL_PROPAGATORS: 'tracecontext' });
    tracing = await Tracing.start('carts', config, new InMemorySpanExporter());
  });
  afterAll(() => tracing.shutdown());
  const traceparent = `00-${TRACE}-${SPAN}-01`;
  const members = (count: number, value: string): string =>
    Array.from({ length: count }, (_, index) => `vendor${index}=${value}`).join(',');

  it.each([
    ['one member', 'congo=t61rcWkgMzE'],
    ['a tenant', '0tenant@vendor=1'],
    ['32 members', members(32, 'x')],
    ['32 members of more than 512 characters', members(32, 'y'.repeat(60))],
    ['spaces and empty members', 'a=1, b=2 ,,c=3'],
    ['a value of 256 characters', `a=${'z'.repeat(256)}`],
  ])('passes on %s unchanged', (_case, tracestate) => {
    expect(hop(tracing, { traceparent, tracestate })['tracestate']).toBe(tracestate);
  });

  it.each([
    ['33 members', members(33, 'x')],
    ['a key in upper case', 'Vendor=1'],
    ['a member without a value', 'vendor'],
    ['a value with a second equals sign', 'vendor=a=b'],
    ['nothing', ''],
  ])('leaves out a list with %s, but keeps the trace', (_case, tracestate) => {
    expect(hop(tracing, { traceparent, tracestate })).toEqual({
      traceparent: expect.stringContaining(TRACE),
    });
  });

  it('joins repeated headers in their order', () => {
    const sent = hop(tracing, { traceparent, tracestate: ['a=1', 'b=2'] });
    expect(sent['tracestate']).toBe('a=1,b=2');
  });

  it('lets a sampler read and change it', () => {
    const context = tracing.extract({ traceparent, tracestate: 'a=1,b=2' });
    const span = tracing.tracer.startSpan('server', {}, context);
    const state = span.spanContext().traceState;
    expect(state?.get('b')).toBe('2');
    expect(state?.set('ot', 'th:8').serialize()).toBe('ot=th:8,a=1,b=2');
    span.end();
  });
});

describe('baggage', () => {
  let tracing: Tracing;
  beforeAll(async () => {
    tracing = await Tracing.start('carts', tracingConfig({}), new InMemorySpanExporter());
  });
  afterAll(() => tracing.shutdown());

  it.each([
    ['one entry', 'session=abc', 'session=abc'],
    ['several entries', 'a=1,b=2', 'a=1,b=2'],
    ['a property', 'a=1;ttl=5', 'a=1;ttl=5'],
    ['percent-encoded text', 'name=Z%C3%BCrich%20West', 'name=Z%C3%BCrich%20West'],
    ['spaces around entries', 'a = 1 , b = 2', 'a=1,b=2'],
    ['an entry without a value beside a good one', 'broken,b=2', 'b=2'],
    ['wrong percent-encoding beside a good one', 'a=%zz,b=2', 'b=2'],
  ])('passes on %s', (_case, baggage, expected) => {
    expect(hop(tracing, { baggage })['baggage']).toBe(expected);
  });

  it.each<[string, Headers]>([
    ['B3', { b3: `${TRACE}-${SPAN}-1`, baggage: 'a=1' }],
    ['W3C', { traceparent: `00-${TRACE}-${SPAN}-01`, baggage: 'a=1' }],
    ['an unsampled trace', { traceparent: `00-${TRACE}-${SPAN}-00`, baggage: 'a=1' }],
  ])('travels beside %s', (_case, headers) => {
    expect(hop(tracing, headers)['baggage']).toBe('a=1');
  });

  it('is cut at 64 entries and 8,192 bytes', () => {
    const many = Array.from({ length: 300 }, (_, index) => `key${index}=1`).join(',');
    expect(hop(tracing, { baggage: many })['baggage']?.split(',')).toHaveLength(64);
    const large = Array.from({ length: 10 }, (_, index) => `k${index}=${'v'.repeat(2000)}`);
    const sent = hop(tracing, { baggage: large.join(',') })['baggage'] ?? '';
    expect(sent).toBe(large.slice(0, 4).join(','));
  });

  it('never becomes span attributes', () => {
    const context = tracing.extract({ baggage: 'session=secret' });
    expect(propagation.getBaggage(context)?.getEntry('session')?.value).toBe('secret');
    const span = tracing.tracer.startSpan('server', {}, context);
    expect(JSON.stringify((span as unknown as { attributes: unknown }).attributes)).toBe('{}'); // the SDK's span shows them
    span.end();
    expect(injected(tracing, context)['baggage']).toBe('session=secret');
  });
});
