import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { HANG, StandIn, until } from '@sockshop/testing';
import { Telemetry } from '@sockshop/telemetry';
import { inSpan, tracingConfig } from '@sockshop/tracing';
import { Upstream } from '../src/upstream.ts';
import { UpstreamError } from '../src/upstream-error.ts';
import { Log } from './log.ts';

const ROUTE = { upstream: 'catalogue', route: 'POST /socks' };

let telemetry: Telemetry;
let spans: InMemorySpanExporter;
let log: Log;
let other: StandIn;
let upstream: Upstream;
/** What the other service answers; 0: nothing. */
let status: number;
beforeEach(async () => {
  spans = new InMemorySpanExporter();
  telemetry = await Telemetry.start('front-end', tracingConfig({}), spans);
  log = new Log();
  status = 503;
  other = await StandIn.start(() => (status > 0 ? { status, body: {} } : HANG));
  upstream = new Upstream({ name: 'catalogue', baseUrl: other.url, telemetry, log });
});
afterEach(async () => {
  await other.close();
  await upstream.close();
  await telemetry.shutdown();
});

/** The status, or the reason why there is none. */
async function call(path = '/socks', method: 'GET' | 'POST' = 'POST'): Promise<number | string> {
  try {
    return (await upstream.request({ method, path })).status;
  } catch (error) {
    if (error instanceof UpstreamError) return error.reason;
    throw error;
  }
}

/** A call that its caller gives up once the other service has it. */
async function givenUp(): Promise<string> {
  const caller = new AbortController();
  const before = other.received.length;
  const request = { method: 'POST', path: '/socks', signal: caller.signal } as const;
  const given = upstream.request(request).then(
    () => 'answered',
    (error: unknown) => (error as UpstreamError).reason,
  );
  await until(() => other.received.length > before);
  caller.abort();
  return given;
}

async function calls(count: number, path?: string): Promise<(number | string)[]> {
  const all: (number | string)[] = [];
  for (let made = 0; made < count; made += 1) all.push(await call(path));
  return all;
}

/** Series of this name, without the labels that say which circuit it is. */
async function shown(name: string, { route }: { route: string } = ROUTE): Promise<string[]> {
  const labels = `upstream="catalogue",route="${route}"`;
  return (await telemetry.metrics.registry.metrics())
    .split('\n')
    .filter((line) => line.startsWith(`${name}{${labels}`))
    .map((line) => line.slice(name.length).replace(labels, '').replace('{,', '{'));
}

const STATE = 'sockshop_circuit_breaker_state';
const TRANSITIONS = 'sockshop_circuit_breaker_transitions_total';

describe('a circuit', () => {
  it('stays closed when callers give up their calls', async () => {
    status = 0;
    for (let made = 0; made < 10; made += 1) expect(await givenUp()).toBe('cancelled');
    status = 200;
    expect(await call()).toBe(200);
    const types = spans.getFinishedSpans().map(({ attributes }) => attributes['error.type']);
    expect(types).toEqual([...Array<string>(10).fill('cancelled'), undefined]);
  });

  it('opens after six failures in a row: calls are refused without being sent', async () => {
    expect(await calls(8)).toEqual([503, 503, 503, 503, 503, 503, 'circuit_open', 'circuit_open']);
    expect(other.received).toHaveLength(6);
    await expect(upstream.request({ method: 'POST', path: '/socks' })).rejects.toMatchObject({
      message: 'catalogue is not available at the moment',
      status: 503,
      headers: { 'retry-after': '1' },
    });
  });

  it('closes when a second later one call comes through', async () => {
    await calls(6);
    status = 200;
    await until(async () => (await call()) === 200);
    expect(other.received).toHaveLength(7);
    expect(await calls(2)).toEqual([200, 200]);
  });

  it('stays open where that call fails', async () => {
    await calls(6);
    await until(async () => (await call()) === 503);
    expect(await call()).toBe('circuit_open');
    expect(other.received).toHaveLength(7);
  });

  it.each([200, 302, 400, 404, 429, 500, 501])('never opens by answers of %d', async (answer) => {
    status = answer;
    expect(await calls(20)).toEqual(Array(20).fill(answer));
  });

  it.each([502, 503, 504])('opens by answers of %d', async (answer) => {
    status = answer;
    expect((await calls(7)).at(-1)).toBe('circuit_open');
  });

  it('opens by calls without an answer', async () => {
    status = 0;
    await upstream.close();
    const { url: baseUrl } = other;
    upstream = new Upstream({ name: 'catalogue', baseUrl, telemetry, log, timeoutMs: 20 });
    expect((await calls(7)).slice(-2)).toEqual(['timeout', 'circuit_open']);
  });

  it('counts each attempt of a call, and a success begins the count anew', async () => {
    await calls(5);
    status = 200;
    await call();
    status = 503;
    expect(await calls(6)).not.toContain('circuit_open');
    expect([await call('/a', 'GET'), await call('/a', 'GET')]).toEqual([503, 503]); // three each
    expect(await call('/a', 'GET')).toBe('circuit_open');
  });

  it('is the route’s own: the others of the same service go on', async () => {
    await calls(6);
    status = 200;
    expect([await call(), await call('/pictures')]).toEqual(['circuit_open', 200]);
  });
});

describe('metrics', () => {
  it('show a closed circuit from the first call on, with all its counters at 0', async () => {
    status = 200;
    await call();
    const none = ['{state="closed"} 0', '{state="half_open"} 0', '{state="open"} 0'];
    expect(await shown(STATE)).toEqual(['{state="closed"} 1', ...none.slice(1)]);
    expect(await shown(TRANSITIONS)).toEqual(none);
    expect(await shown('sockshop_circuit_breaker_refused_total')).toEqual(['{} 0']);
    expect(await shown('sockshop_upstream_retries_total')).toEqual(['{} 0']);
  });

  it('follow the circuit', async () => {
    await calls(9);
    expect(await shown(STATE)).toEqual([
      '{state="closed"} 0',
      '{state="half_open"} 0',
      '{state="open"} 1',
    ]);
    expect(await shown('sockshop_circuit_breaker_refused_total')).toEqual(['{} 3']);
    await until(async () => (await call()) === 503);
    status = 200;
    await until(async () => (await call()) === 200);
    expect(await shown(STATE)).toEqual([
      '{state="closed"} 1',
      '{state="half_open"} 0',
      '{state="open"} 0',
    ]);
    expect(await shown(TRANSITIONS)).toEqual([
      '{state="closed"} 1',
      '{state="half_open"} 2',
      '{state="open"} 2',
    ]);
  });

  it('count the attempts after the first', async () => {
    await call('/a', 'GET');
    expect(await shown('sockshop_upstream_retries_total', { route: 'GET /a' })).toEqual(['{} 2']);
  });
});

it('the log has a line when a circuit opens and one when it closes, none when a trial fails', async () => {
  await calls(6);
  await until(async () => (await call()) === 503);
  status = 200;
  await until(async () => (await call()) === 200);
  expect(log.lines).toEqual([
    ['warn', 'circuit opened', { ...ROUTE, error: expect.any(Error) }],
    ['info', 'circuit closed', ROUTE],
  ]);
});

it('the trace tells on the caller’s span; a refused call has none of its own', async () => {
  const caller = (name: string) => inSpan(telemetry, name, { kind: SpanKind.SERVER }, () => call());
  await calls(5);
  await caller('sixth');
  await caller('seventh');
  status = 200;
  await until(async () => (await caller('later')) === 200);
  const all = spans.getFinishedSpans();
  const events = (name: string) => all.findLast((span) => span.name === name)?.events;
  const event = (name: string) => ({
    name: `sockshop.circuit_breaker.${name}`,
    attributes: { 'service.peer.name': 'catalogue', 'sockshop.upstream.route': 'POST /socks' },
  });
  expect(events('sixth')).toMatchObject([event('open')]);
  expect(events('seventh')).toMatchObject([event('refused')]);
  expect(events('later')).toMatchObject([event('half_open'), event('closed')]);
  expect(all.filter(({ kind }) => kind === SpanKind.CLIENT)).toHaveLength(7); // one for each call that was sent
});
