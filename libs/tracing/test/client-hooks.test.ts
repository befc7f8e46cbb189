import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { type Behaviour, BlackHole, CUT, HANG, StandIn, until } from '@sockshop/testing';
import type { LookupFunction } from 'node:net';
import { Agent, fetch as agentsFetch } from 'undici';
import { type EndedCall, tracedFetch } from '../src/fetch.ts';
import { failSpan, inSpan } from '../src/spans.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import { Tracing } from '../src/tracing.ts';
import { traceDispatches } from '../src/undici.ts';

type Send = (url: string, signal?: AbortSignal) => Promise<number>;

let spans: InMemorySpanExporter;
let tracing: Tracing;
let calls: EndedCall[];
let agent: Agent;
let other: StandIn;
beforeEach(async () => {
  spans = new InMemorySpanExporter();
  tracing = await Tracing.start('front-end', tracingConfig({}), spans);
  calls = [];
});
afterEach(async () => {
  await agent.destroy();
  await other.close();
});

const template = (): string => '/socks/{id}';
const ended = (call: EndedCall): void => {
  calls.push(call);
};
const lookup =
  (code: string): LookupFunction =>
  (host, _options, done) => {
    done(Object.assign(new Error(`getaddrinfo ${code} ${host}`), { code }), '', 4);
  };

const CLIENTS: Record<string, () => Send> = {
  undici: () => {
    const options = { peer: 'catalogue', template, ended };
    const dispatcher = agent.compose(traceDispatches(tracing, options));
    return async (url, signal) => {
      const { origin, pathname, search } = new URL(url);
      const response = await dispatcher.request({
        origin,
        path: `${pathname}${search}`,
        method: 'GET',
        headers: { accept: 'application/json' },
        ...(signal && { signal }),
      });
      await response.body.dump();
      return response.statusCode;
    };
  },
  fetch: () => {
    const through = (async (input: Request) => {
      const { url, method, headers, signal } = input;
      const sent = Object.fromEntries(headers);
      return agentsFetch(url, { method, headers: sent, signal, dispatcher: agent });
    }) as unknown as typeof fetch; // Node's own takes no agent of another undici
    const traced = tracedFetch(tracing, { peer: 'catalogue', template, ended, fetch: through });
    return async (url, signal) => {
      const headers = { accept: 'application/json' };
      return (await traced(url, { headers, ...(signal && { signal }) })).status;
    };
  },
};

const client = (): ReadableSpan =>
  spans.getFinishedSpans().find(({ kind }) => kind === SpanKind.CLIENT)!;

/** Beside them there may be a wait for the connection. */
const exceptions = ({ events }: ReadableSpan) => events.filter(({ name }) => name === 'exception');

describe.each(Object.keys(CLIENTS))('a call of %s', (name) => {
  const start = async (behaviour: Behaviour, options: Agent.Options = {}): Promise<Send> => {
    other = await StandIn.start(behaviour);
    agent = new Agent(options);
    return CLIENTS[name]!();
  };

  it('has one CLIENT span below the active one, and carries its context beside its own headers', async () => {
    const send = await start(() => ({ status: 200, body: {} }));
    await inSpan(tracing, 'outer', {}, () => send(`${other.url}/socks/a7?token=hush`));
    const [span, outer] = spans.getFinishedSpans();
    expect(span).toMatchObject({ name: 'GET /socks/{id}', kind: SpanKind.CLIENT });
    expect(span?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'url.full': `${other.url}/socks/a7?token=REDACTED`,
      'url.template': '/socks/{id}',
      'server.address': '127.0.0.1',
      'server.port': other.port,
      'service.peer.name': 'catalogue',
    });
    expect(span?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    const { traceId, spanId } = span!.spanContext();
    expect(other.received[0]?.headers).toMatchObject({
      accept: 'application/json',
      traceparent: `00-${traceId}-${spanId}-01`,
    });
    expect(calls).toMatchObject([
      { method: 'GET', address: '127.0.0.1', port: other.port, status: 200, errorType: undefined },
    ]);
  });

  it.each([
    [302, undefined],
    [404, '404'],
    [503, '503'],
  ])('answered %d has error.type %s', async (status, errorType) => {
    const send = await start(() => ({ status, body: {} }));
    expect(await send(`${other.url}/socks/a7`)).toBe(status);
    expect(client().attributes['error.type']).toBe(errorType);
    expect(client().status.code).toBe(errorType === undefined ? 0 : 2);
    expect(exceptions(client())).toEqual([]);
    expect(calls.map((call) => call.errorType)).toEqual([errorType]);
  });

  /** Sends a call that fails, inside of a span that fails with it. */
  const failing = async (send: Send, url: string, signal?: AbortSignal): Promise<void> => {
    await inSpan(tracing, 'GET /', { kind: SpanKind.SERVER }, (outer) =>
      send(url, signal).catch((error: unknown) => {
        failSpan(outer, new Error('catalogue is not available', { cause: error }));
      }),
    );
  };
  const shown = (type: string | RegExp) => {
    const [span, outer] = spans.getFinishedSpans();
    expect(span?.attributes['error.type']).toMatch(type);
    expect(span?.attributes).not.toHaveProperty('http.response.status_code');
    expect(span?.status.code).toBe(2);
    expect(exceptions(span!)).toHaveLength(1);
    expect(outer?.status.code).toBe(2);
    expect(outer?.events).toEqual([]); // it is recorded where it happened
    expect(calls.map((call) => call.errorType)).toEqual([span?.attributes['error.type']]);
    return String(exceptions(span!)[0]?.attributes?.['exception.stacktrace']);
  };

  it('to a port where no one listens has ECONNREFUSED and its text', async () => {
    const send = await start(() => HANG);
    const { url, port } = other;
    await other.close();
    await failing(send, url);
    expect(shown(/^ECONNREFUSED$/)).toContain(`connect ECONNREFUSED 127.0.0.1:${port}`);
  });

  it('whose connection breaks has ECONNRESET', async () => {
    const send = await start(() => CUT);
    await failing(send, other.url);
    shown(/^ECONNRESET$/);
  });

  it.each(['ENOTFOUND', 'EAI_AGAIN'])('whose name is not resolved has %s', async (code) => {
    const send = await start(() => HANG, { connect: { lookup: lookup(code) } });
    await failing(send, 'http://nosuch.example/');
    expect(shown(code)).toContain(`getaddrinfo ${code} nosuch.example`);
  });

  it('by TLS to a server without it has the code of OpenSSL', async () => {
    const send = await start(() => HANG);
    await failing(send, other.url.replace('http:', 'https:'));
    shown(/^(ERR_SSL_\w+|EPROTO)$/);
  });

  it('that does not connect in time has ETIMEDOUT, one without an answer in time has timeout', async () => {
    const hole = await BlackHole.open();
    const send = await start(() => HANG, { connect: { timeout: 50 }, headersTimeout: 50 });
    await failing(send, hole.url);
    shown(/^ETIMEDOUT$/);
    await hole.close();
    spans.reset();
    calls.length = 0;
    await failing(send, other.url);
    shown(/^timeout$/);
  });

  it('that is not wanted any longer is cancelled, which is no failure', async () => {
    const send = await start(() => HANG);
    const caller = new AbortController();
    const sent = send(other.url, caller.signal).catch(() => undefined);
    await until(() => other.received.length === 1);
    caller.abort();
    await sent;
    expect(client().status.code).toBe(0);
    expect(exceptions(client())).toEqual([]);
    expect(client().attributes['error.type']).toBe('cancelled');
    expect(calls.map((call) => call.errorType)).toEqual(['cancelled']);
  });
});
