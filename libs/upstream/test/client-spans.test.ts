import { SpanKind } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { Telemetry } from '@sockshop/telemetry';
import { context, failSpan, inSpan, tracingConfig } from '@sockshop/tracing';
import { z } from 'zod';
import { HANG, StandIn, until } from '@sockshop/testing';
import { Upstream } from '../src/upstream.ts';
import { Log } from './log.ts';

const Any = z.object({});
const UNSET = { code: 0 };
const ERROR = { code: 2 };
const log = new Log();

/** Texts of the exceptions; beside them there may be a wait for the connection. */
const exceptions = (events: ReadableSpan['events']) =>
  events
    .filter(({ name }) => name === 'exception')
    .map(({ attributes }) => attributes?.['exception.message']);

let spans: InMemorySpanExporter;
let telemetry: Telemetry;
beforeEach(async () => {
  spans = new InMemorySpanExporter();
  telemetry = await Telemetry.start('front-end', tracingConfig({}), spans);
});
afterEach(() => telemetry.shutdown());

describe('a call', () => {
  let other: StandIn;
  let upstream: Upstream;
  afterEach(async () => {
    await upstream.close();
    await other.close();
  });
  const reach = (timeoutMs = 2000): Upstream => {
    const baseUrl = other.url.replace('//', '//user:secret@');
    upstream = new Upstream({ name: 'catalogue', baseUrl, telemetry, timeoutMs, log });
    return upstream;
  };

  it('is one CLIENT span with all that is known about it, and no credentials', async () => {
    other = await StandIn.start(() => ({ status: 200, body: {} }));
    await inSpan(telemetry, 'GET /', { kind: SpanKind.SERVER }, () =>
      reach().get('/catalogue/{id}', Any, { params: { id: 'a7' }, query: { size: 3 } }),
    );
    const [client, server] = spans.getFinishedSpans();
    expect(spans.getFinishedSpans()).toHaveLength(2);
    expect(client).toMatchObject({
      name: 'GET /catalogue/{id}',
      kind: SpanKind.CLIENT,
      status: UNSET,
    });
    expect(client?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'url.full': `${other.url}/catalogue/a7?size=3`,
      'url.template': '/catalogue/{id}',
      'server.address': '127.0.0.1',
      'server.port': other.port,
      'service.peer.name': 'catalogue',
    });
    expect(client?.parentSpanContext?.spanId).toBe(server?.spanContext().spanId);
    const { traceId, spanId } = client!.spanContext();
    expect(other.received[0]?.headers['traceparent']).toBe(`00-${traceId}-${spanId}-01`);
  });

  it.each([
    [200, UNSET, undefined],
    [302, UNSET, undefined],
    [400, ERROR, '400'],
    [404, ERROR, '404'],
    [500, ERROR, '500'],
  ])('answered %d has status %j, the same on span and metric', async (code, status, errorType) => {
    other = await StandIn.start(() => ({ status: code, body: {} }));
    await reach().request({ method: 'GET', path: '/socks' });
    const [client] = spans.getFinishedSpans();
    expect(client?.status).toEqual(status);
    expect(client?.attributes['error.type']).toBe(errorType);
    const metrics = await telemetry.metrics.registry.metrics();
    const error = errorType === undefined ? '' : `,error_type="${errorType}"`;
    expect(metrics).toContain(
      `http_client_request_duration_seconds_count{http_request_method="GET",server_address="127.0.0.1",server_port="${other.port}",http_response_status_code="${code}"${error}} 1`,
    );
  });

  it('is one CLIENT span for every attempt, counted, and nothing around them', async () => {
    other = await StandIn.start((_request, earlier) => ({
      status: earlier < 2 ? 503 : 200,
      body: {},
    }));
    await inSpan(telemetry, 'GET /', { kind: SpanKind.SERVER }, () => reach().get('/socks', Any));
    const all = spans.getFinishedSpans();
    const server = all.at(-1)!;
    expect(server.status).toEqual(UNSET); // the retry worked
    const attempts = all.filter(({ kind }) => kind === SpanKind.CLIENT);
    expect(all).toHaveLength(4);
    expect(
      attempts.map(({ attributes, status, parentSpanContext }) => [
        attributes['http.request.resend_count'],
        status,
        parentSpanContext?.spanId,
      ]),
    ).toEqual([
      [undefined, ERROR, server.spanContext().spanId],
      [1, ERROR, server.spanContext().spanId],
      [2, UNSET, server.spanContext().spanId],
    ]);
    expect(other.received.map(({ headers }) => headers['x-b3-spanid'])).toEqual(
      attempts.map((span) => span.spanContext().spanId),
    );
  });

  it('without an answer says why, and the exception is recorded there and not again', async () => {
    other = await StandIn.start(() => HANG);
    const call = () =>
      inSpan(telemetry, 'GET /', { kind: SpanKind.SERVER }, (server) =>
        upstream.request({ method: 'POST', path: '/socks' }).catch((error: unknown) => {
          failSpan(server, error);
        }),
      );
    reach(50);
    await call();
    await other.close();
    await call();
    const shown = spans
      .getFinishedSpans()
      .map(({ kind, attributes, status, events }) => [
        SpanKind[kind],
        attributes['error.type'],
        attributes['http.response.status_code'],
        status,
        exceptions(events),
      ]);
    expect(shown).toEqual([
      ['CLIENT', 'timeout', undefined, ERROR, ['the deadline is over']],
      ['SERVER', 'timeout', undefined, ERROR, []],
      [
        'CLIENT',
        'ECONNREFUSED',
        undefined,
        ERROR,
        [`connect ECONNREFUSED 127.0.0.1:${other.port}`],
      ],
      ['SERVER', 'unreachable', undefined, ERROR, []],
    ]);
    expect(await telemetry.metrics.registry.metrics()).toMatch(
      /^http_client_request_duration_seconds_count\{.*error_type="ECONNREFUSED"\} 1$/m,
    );
  });

  it('that its caller no longer wants is cancelled, which is no failure', async () => {
    other = await StandIn.start(() => HANG);
    const caller = new AbortController();
    const given = reach()
      .get('/socks', Any, { signal: caller.signal })
      .catch(() => undefined);
    await until(() => other.received.length === 1);
    caller.abort();
    await given;
    const [client] = spans.getFinishedSpans();
    expect(client?.attributes['error.type']).toBe('cancelled');
    expect(client?.status).toEqual(UNSET);
    expect(exceptions(client!.events)).toEqual([]);
    expect(await telemetry.metrics.registry.metrics()).toMatch(
      /^http_client_request_duration_seconds_count\{.*error_type="cancelled"\} 1$/m,
    );
  });

  it('says how long it still waits, in each attempt', async () => {
    other = await StandIn.start((_request, earlier) => ({
      status: earlier < 1 ? 503 : 200,
      body: {},
    }));
    await reach(1500).get('/socks', Any);
    const [first, second] = other.received.map(({ headers }) =>
      Number(headers['x-envoy-expected-rq-timeout-ms']),
    );
    expect(first).toBeLessThanOrEqual(1500);
    expect(first).toBeGreaterThan(second!); // there was a wait between them
    expect(second).toBeGreaterThan(0);
  });

  it('passes the context on with the SDK disabled', async () => {
    other = await StandIn.start(() => ({ status: 200, body: {} }));
    const off = await Telemetry.start('front-end', tracingConfig({ OTEL_SDK_DISABLED: 'true' }));
    upstream = new Upstream({ name: 'catalogue', baseUrl: other.url, telemetry: off, log });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const headers = { traceparent, tracestate: 'a=1', baggage: 'session=7' };
    await context.with(off.extract(headers), () => upstream.get('/socks', Any));
    expect(other.received[0]?.headers).toMatchObject(headers);
  });
});
