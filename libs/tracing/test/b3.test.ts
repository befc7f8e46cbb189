import { defaultTextMapGetter, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { b3Decision, extractB3 } from '../src/b3.ts';
import type { B3Decision } from '../src/b3-headers.ts';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import { type Headers, hop, SHORT_TRACE, SPAN, TRACE } from './headers.ts';

const PADDED = SHORT_TRACE.padStart(32, '0');

interface Read {
  traceId?: string;
  sampled?: boolean;
  decision?: B3Decision;
}

function read(headers: Headers): Read {
  const context = extractB3(ROOT_CONTEXT, headers, defaultTextMapGetter);
  const span = trace.getSpanContext(context);
  const decision = b3Decision(context);
  if (span) expect(span).toMatchObject({ spanId: SPAN, isRemote: true });
  return {
    ...(span && { traceId: span.traceId, sampled: span.traceFlags === 1 }),
    ...(decision && { decision }),
  };
}

const multi = (traceId: string, spanId: string, more: Headers = {}): Headers => ({
  'x-b3-traceid': traceId,
  'x-b3-spanid': spanId,
  ...more,
});

describe('extractB3', () => {
  it.each<[string, Headers, Read]>([
    ['accept', { b3: `${TRACE}-${SPAN}-1` }, { traceId: TRACE, sampled: true }],
    ['deny', { b3: `${TRACE}-${SPAN}-0` }, { traceId: TRACE, sampled: false }],
    ['debug', { b3: `${TRACE}-${SPAN}-d` }, { traceId: TRACE, sampled: true, decision: 'debug' }],
    ['no decision', { b3: `${TRACE}-${SPAN}` }, { traceId: TRACE, sampled: true }],
    ['a parent', { b3: `${TRACE}-${SPAN}-1-05e3ac9a4f6e3b90` }, { traceId: TRACE, sampled: true }],
    ['a 64-bit trace', { b3: `${SHORT_TRACE}-${SPAN}-1` }, { traceId: PADDED, sampled: true }],
    [
      'upper case ids',
      { b3: `${TRACE.toUpperCase()}-${SPAN.toUpperCase()}-1` },
      { traceId: TRACE, sampled: true },
    ],
    ['deny alone', { b3: '0' }, { decision: 'deny' }],
    ['accept alone', { b3: '1' }, { decision: 'accept' }],
    ['debug alone', { b3: 'd' }, { decision: 'debug' }],
    ['space around it', { b3: ` ${TRACE}-${SPAN}-0 ` }, { traceId: TRACE, sampled: false }],
  ])('reads the single header with %s', (_case, headers, expected) => {
    expect(read(headers)).toEqual(expected);
  });

  it.each<[string, Headers, Read]>([
    ['accept', multi(TRACE, SPAN, { 'x-b3-sampled': '1' }), { traceId: TRACE, sampled: true }],
    [
      'accept as true',
      multi(TRACE, SPAN, { 'x-b3-sampled': 'true' }),
      { traceId: TRACE, sampled: true },
    ],
    ['deny', multi(TRACE, SPAN, { 'x-b3-sampled': '0' }), { traceId: TRACE, sampled: false }],
    [
      'deny as false',
      multi(TRACE, SPAN, { 'x-b3-sampled': 'false' }),
      { traceId: TRACE, sampled: false },
    ],
    [
      'debug',
      multi(TRACE, SPAN, { 'x-b3-flags': '1' }),
      { traceId: TRACE, sampled: true, decision: 'debug' },
    ],
    [
      'debug beside deny',
      multi(TRACE, SPAN, { 'x-b3-flags': '1', 'x-b3-sampled': '0' }),
      { traceId: TRACE, sampled: true, decision: 'debug' },
    ],
    [
      'flags other than debug',
      multi(TRACE, SPAN, { 'x-b3-flags': '0' }),
      { traceId: TRACE, sampled: true },
    ],
    ['no decision', multi(TRACE, SPAN), { traceId: TRACE, sampled: true }],
    [
      'a parent',
      multi(TRACE, SPAN, { 'x-b3-parentspanid': '05e3ac9a4f6e3b90' }),
      { traceId: TRACE, sampled: true },
    ],
    ['a 64-bit trace', multi(SHORT_TRACE, SPAN), { traceId: PADDED, sampled: true }],
    [
      'upper case ids',
      multi(TRACE.toUpperCase(), SPAN.toUpperCase()),
      { traceId: TRACE, sampled: true },
    ],
    ['deny alone', { 'x-b3-sampled': '0' }, { decision: 'deny' }],
    ['accept alone', { 'x-b3-sampled': '1' }, { decision: 'accept' }],
    ['debug alone', { 'x-b3-flags': '1' }, { decision: 'debug' }],
  ])('reads the multiple headers with %s', (_case, headers, expected) => {
    expect(read(headers)).toEqual(expected);
  });

  it.each<[string, Headers]>([
    ['no header', {}],
    ['an empty single header', { b3: '' }],
    ['a single header without a span id', { b3: TRACE }],
    ['a single header with a short trace id', { b3: `${TRACE.slice(1)}-${SPAN}-1` }],
    ['a single header with a short span id', { b3: `${TRACE}-${SPAN.slice(1)}-1` }],
    ['a single header that is not hexadecimal', { b3: `${TRACE.replace('0', 'g')}-${SPAN}-1` }],
    ['a single header with an unknown decision', { b3: `${TRACE}-${SPAN}-2` }],
    ['a single header with a fifth part', { b3: `${TRACE}-${SPAN}-1-${SPAN}-1` }],
    ['a single header of zeros', { b3: `${'0'.repeat(32)}-${'0'.repeat(16)}-1` }],
    ['a trace id of zeros', multi('0'.repeat(32), SPAN)],
    ['a 64-bit trace id of zeros', multi('0'.repeat(16), SPAN)],
    ['a span id of zeros', multi(TRACE, '0'.repeat(16))],
    ['a short trace id', multi(TRACE.slice(1), SPAN)],
    ['a long trace id', multi(`${TRACE}0`, SPAN)],
    ['a short span id', multi(TRACE, SPAN.slice(1))],
    ['a trace id alone', { 'x-b3-traceid': TRACE }],
    ['a span id alone', { 'x-b3-spanid': SPAN }],
  ])('takes %s for no caller', (_case, headers) => {
    expect(read(headers)).toEqual({});
  });

  it.each<[string, string]>([
    ['malformed', 'what?'],
    ['empty', ''],
    ['of zeros', `${'0'.repeat(32)}-${'0'.repeat(16)}-1`],
    ['without a span id', TRACE],
    ['with an unknown decision', `${TRACE}-${SPAN}-2`],
  ])('reads the multiple headers beside a single header %s', (_case, b3) => {
    const both = { b3, ...multi(PADDED, SPAN, { 'x-b3-sampled': '0' }) };
    expect(read(both)).toEqual({ traceId: PADDED, sampled: false });
  });

  it.each<[string, Record<string, string | string[]>]>([
    ['a list', { b3: [`${TRACE}-${SPAN}-0`, `${PADDED}-${SPAN}-1`] }],
    ['a text with commas', { b3: `${TRACE}-${SPAN}-0, ${PADDED}-${SPAN}-1` }],
    [
      'lists of ids',
      { 'x-b3-traceid': [TRACE, PADDED], 'x-b3-spanid': [SPAN], 'x-b3-sampled': ['0', '1'] },
    ],
  ])('reads the first of several headers in %s', (_case, headers) => {
    const context = extractB3(ROOT_CONTEXT, headers, defaultTextMapGetter);
    expect(trace.getSpanContext(context)).toMatchObject({ traceId: TRACE, traceFlags: 0 });
  });

  it('prefers the single header where both are sent', () => {
    const both = { b3: `${TRACE}-${SPAN}-0`, ...multi(PADDED, SPAN, { 'x-b3-sampled': '1' }) };
    expect(read(both)).toEqual({ traceId: TRACE, sampled: false });
  });
});

describe('a hop between B3 headers', () => {
  let single: Tracing;
  let both: Tracing;
  beforeAll(async () => {
    single = await Tracing.start('carts', tracingConfig({ OTEL_PROPAGATORS: 'b3' }));
    both = await Tracing.start('carts', tracingConfig({ OTEL_PROPAGATORS: 'b3multi' }));
  });

  it.each(['1', '0', 'd'])('passes on decision %s in the single header', (mark) => {
    const { b3, ...others } = hop(single, { b3: `${TRACE}-${SPAN}-${mark}` });
    expect(b3).toMatch(new RegExp(`^${TRACE}-[\\da-f]{16}-${mark}$`));
    expect(others).toEqual({});
  });

  it.each<[string, Headers]>([
    ['1', { 'x-b3-sampled': '1' }],
    ['0', { 'x-b3-sampled': '0' }],
    ['d', { 'x-b3-flags': '1' }],
  ])('passes on decision %s in multiple headers', (mark, decision) => {
    expect(hop(both, { b3: `${TRACE}-${SPAN}-${mark}` })).toEqual({
      'x-b3-traceid': TRACE,
      'x-b3-spanid': expect.stringMatching(/^[\da-f]{16}$/),
      ...decision,
    });
  });

  it.each<[string, string]>([
    ['0', '0'],
    ['1', '1'],
    ['d', 'd'],
  ])('starts a trace that obeys b3: %s', (given, mark) => {
    expect(hop(single, { b3: given })['b3']).toMatch(
      new RegExp(`^[\\da-f]{32}-[\\da-f]{16}-${mark}$`),
    );
  });

  it('pads a 64-bit trace the same way at every hop', () => {
    const first = hop(both, multi(SHORT_TRACE, SPAN, { 'x-b3-sampled': '1' }));
    const second = hop(both, first);
    expect([first['x-b3-traceid'], second['x-b3-traceid']]).toEqual([PADDED, PADDED]);
  });

  it('never reuses the span id of the caller and never sends a parent span id', () => {
    const caller = multi(TRACE, SPAN, { 'x-b3-parentspanid': '05e3ac9a4f6e3b90' });
    const sent = hop(both, caller);
    expect(sent['x-b3-spanid']).not.toBe(SPAN);
    expect(Object.keys(sent)).not.toContain('x-b3-parentspanid');
  });
});
