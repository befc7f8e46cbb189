import { describe, expect, it } from '@jest/globals';
import { UnreadableError } from '../src/read-json.ts';
import { readSpans, readSpansOfText } from '../src/read-spans.ts';
import type { Span } from '../src/span.ts';

const ZIPKIN = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  id: 'b7ad6b7169203331',
  parentId: '00f067aa0ba902b7',
  name: 'get /carts/{customerid}/items',
  kind: 'SERVER',
  timestamp: 1_700_000_000_000_000,
  duration: 1500,
  localEndpoint: { serviceName: 'carts', ipv4: '127.0.0.1', port: 8082 },
  remoteEndpoint: { ipv4: '127.0.0.1' },
  tags: { 'http.request.method': 'GET', error: '', 'otel.status_code': 'ERROR' },
  annotations: [
    { timestamp: 1_700_000_000_000_100, value: '{"exception":{"exception.type":"Error"}}' },
  ],
};
const OTLP = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'carts' } }] },
      schemaUrl: 'https://opentelemetry.io/schemas/1.44.0',
      scopeSpans: [
        {
          scope: { name: 'http', version: '1.0.0' },
          spans: [
            {
              traceId: '0AF7651916CD43DD8448EB211C80319C',
              spanId: 'b7ad6b7169203331',
              name: 'GET /carts',
              kind: 2,
              startTimeUnixNano: '1700000000000000000',
              endTimeUnixNano: '1700000000001500000',
              attributes: [
                { key: 'http.response.status_code', value: { intValue: '503' } },
                { key: 'list', value: { arrayValue: { values: [{ boolValue: true }] } } },
              ],
              status: { code: 2, message: 'no answer' },
              droppedAttributesCount: 3,
            },
          ],
        },
      ],
    },
  ],
};

const text = JSON.stringify;

describe('reading spans', () => {
  it('makes the same of a span in Zipkin and in OTLP', async () => {
    const [zipkin, otlp] = await readSpansOfText(text([[ZIPKIN]]) + text(OTLP));
    const facts = ({ traceId, id, kind, startUs, durationUs, service, status }: Span): unknown => [
      traceId,
      id,
      kind,
      startUs,
      durationUs,
      service,
      status,
    ];
    expect(facts(zipkin!)).toEqual([
      '0af7651916cd43dd8448eb211c80319c',
      'b7ad6b7169203331',
      'SERVER',
      1_700_000_000_000_000,
      1500,
      'carts',
      'ERROR',
    ]);
    expect(facts(otlp!)).toEqual(facts(zipkin!));
  });

  it('keeps what only one of the two forms has', async () => {
    const [zipkin, otlp] = await readSpansOfText(text([ZIPKIN]) + text(OTLP));
    expect(zipkin!.local).toEqual({ name: 'carts', address: '127.0.0.1', port: 8082 });
    expect(zipkin!.parentId).toBe('00f067aa0ba902b7');
    expect(zipkin!.events).toEqual([
      {
        name: 'exception',
        timeUs: 1_700_000_000_000_100,
        attributes: { 'exception.type': 'Error' },
        dropped: 0,
      },
    ]);
    expect(zipkin!.flaws).toEqual([]);
    expect(otlp!.scope).toEqual({ name: 'http', version: '1.0.0', schemaUrl: '' });
    expect(otlp!.resource?.schemaUrl).toBe('https://opentelemetry.io/schemas/1.44.0');
    expect({ ...otlp!.attributes }).toEqual({ 'http.response.status_code': 503, list: [true] });
    expect(otlp!.statusMessage).toBe('no answer');
    expect(otlp!.dropped.attributes).toBe(3);
    expect(otlp!.flaws).toEqual(['traceId has capital letters']);
  });

  it.each([
    ['one object', text(ZIPKIN)],
    ['a list', text([ZIPKIN])],
    ['a list of traces', text([[], [ZIPKIN]])],
    ['one object a line', `\ufeff${text(ZIPKIN)}\r\n`],
  ])('takes %s, in pieces of any size', async (_, json) => {
    const whole = await readSpansOfText(json);
    expect(whole).toHaveLength(1);
    for (const size of [1, 7, 64]) {
      expect(await readSpans(pieces(Buffer.from(json), size))).toEqual(whole);
    }
  });

  it.each([
    ['text', 'hello', 'not JSON: "h" at byte 0'],
    ['a half file', text([ZIPKIN]).slice(0, -9), 'ends in the middle'],
    ['a broken span', '[{"traceId": }]', 'is not JSON'],
    ['other JSON', '{"name": "sock"}', 'neither a span of Zipkin'],
    ['a list that was not opened', ']', 'not JSON'],
  ])('says why %s cannot be read', async (_, json, why) => {
    await expect(readSpansOfText(json)).rejects.toThrow(UnreadableError);
    await expect(readSpansOfText(json)).rejects.toThrow(why);
  });

  it('takes fields of any type, and lists what is wrong with them', async () => {
    const values = [null, 1, -1.5, '', 'x', [], {}, true, [null], { a: 1 }];
    for (const field of [...Object.keys(ZIPKIN), 'debug', 'shared'])
      for (const value of values) {
        const json = text([{ ...ZIPKIN, localEndpoint: {}, [field]: value }]);
        expect(await readSpansOfText(json)).toHaveLength(1);
      }
    const { traceId, ...span } = ZIPKIN;
    const odd = { ...span, traceId: `${traceId.slice(1)}G`, timestamp: 1.5, kind: 'INTERNAL' };
    const [read] = await readSpansOfText(text([{ ...odd, tags: { a: 1 } }]));
    expect(read!.flaws).toEqual([
      'a tag is not a text',
      'traceId is not hexadecimal',
      'kind is none of CLIENT, SERVER, PRODUCER, CONSUMER',
      'timestamp is not a whole number of microseconds',
    ]);
  });

  it('takes OTLP with parts of any type', async () => {
    const values = [null, 1, 'x', [], {}, [null], [1], [[]], true];
    const paths = [
      ['resourceSpans'],
      ['resourceSpans', 0, 'resource'],
      ['resourceSpans', 0, 'scopeSpans'],
      ['resourceSpans', 0, 'scopeSpans', 0, 'scope'],
      ['resourceSpans', 0, 'scopeSpans', 0, 'spans'],
      ...Object.keys(OTLP.resourceSpans[0]!.scopeSpans[0]!.spans[0]!)
        .concat('links', 'events', 'parentSpanId', 'flags')
        .map((field) => ['resourceSpans', 0, 'scopeSpans', 0, 'spans', 0, field]),
    ];
    for (const path of paths)
      for (const value of values) {
        const json = structuredClone(OTLP) as unknown;
        let at = json as Record<string | number, unknown>;
        for (const key of path.slice(0, -1)) at = at[key] as typeof at;
        at[path.at(-1)!] = value;
        expect((await readSpansOfText(text(json))).length).toBeLessThanOrEqual(1);
      }
  });
});

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size)
    yield await Promise.resolve(bytes.subarray(at, at + size));
}
