import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, type Received, StandIn } from '@sockshop/testing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { shownLine } from '../src/traces/shown-lines.ts';
import { RunningFrontEnd } from './running-front-end.ts';
import { ShopStandIns } from './shop-stand-ins.ts';
import { TraceStandIn } from './trace-stand-in.ts';

const SECRET = '4111111111111111';
const none = { kept: true, lines: [] };

let dir: string;
let shop: ShopStandIns;
let traces: TraceStandIn;
let victoria: StandIn;
const running: RunningFrontEnd[] = [];
/** What VictoriaLogs answers to a query. */
let answer: (received: Received) => Answer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'trace-logs-'));
  shop = await ShopStandIns.start();
  traces = await TraceStandIn.start();
  victoria = await StandIn.start((received) => answer(received));
});
beforeEach(() => {
  traces.reset();
  victoria.reset();
});
afterEach(async () => {
  for (const frontEnd of running.splice(0)) await frontEnd.close();
});
afterAll(async () => {
  await shop.close();
  await traces.server.close();
  await victoria.close();
  await rm(dir, { recursive: true });
});

async function started(env: Record<string, string>): Promise<RunningFrontEnd> {
  const frontEnd = await RunningFrontEnd.start(env);
  running.push(frontEnd);
  return frontEnd;
}

/** A line of the trace, as its service wrote it. */
function line(traceId: string, service: string, fields: Record<string, unknown> = {}): string {
  const event = {
    ...{
      time: new Date().toISOString(),
      level: 'info',
      service,
      message: 'order paid',
      orderId: 'o1',
    },
    ...{ trace_id: traceId, span_id: '00f067aa0ba902b7', ...fields },
  };
  return `${JSON.stringify(event)}\n`;
}

const shown = (service: string, more: object = {}) => ({
  atMs: expect.any(Number),
  spanId: '00f067aa0ba902b7',
  service,
  level: 'info',
  message: 'order paid',
  fields: { orderId: 'o1' },
  ...more,
});

describe('the log lines of a trace', () => {
  it('are those of the logs on this machine, for the visit that began it and for the Observatory', async () => {
    const env = { ...shop.env, ...traces.env, LOGS_URL: pathToFileURL(dir).href };
    const frontEnd = await started(env);
    const mine = frontEnd.browser();
    const id = (await mine.get('/')).headers.get('x-trace-id')!;
    traces.take(frontEnd);
    const other = line('a'.repeat(32), 'orders', { note: id });
    const minute = 60_000;
    // Lines of an hour before: they are not read in full.
    const before = new Date(Date.now() - 60 * minute).toISOString();
    const old = `${JSON.stringify({ time: before, message: 'x'.repeat(100) })}\n`.repeat(2000);
    await writeFile(join(dir, 'orders.log'), old + line(id, 'orders', { card: SECRET }) + other);
    await writeFile(
      join(dir, 'carts.log'),
      line(id, 'carts', { message: `is ${SECRET}`, level: 'warn' }),
    );
    const expected = {
      kept: true,
      lines: expect.arrayContaining([
        shown('orders'),
        shown('carts', { message: '', level: 'warn' }),
      ]),
    };
    for (const path of [`/trace/mine/${id}/logs`, `/observatory/api/traces/${id}/logs`]) {
      const response = await mine.get(path);
      expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
      const body = (await response.json()) as { lines: unknown[] };
      expect(body).toEqual(expected);
      expect(body.lines).toHaveLength(2);
    }
    expect((await frontEnd.browser().get(`/trace/mine/${id}/logs`)).status).toBe(404);
    const unknown = await mine.get(`/observatory/api/traces/${'b'.repeat(32)}/logs`);
    expect(unknown.status).toBe(404);
  });

  it('come from VictoriaLogs where LOGS_URL is its address, and 503 while it is unavailable', async () => {
    const env = { ...shop.env, ...traces.env, LOGS_URL: victoria.url };
    const frontEnd = await started(env);
    const mine = frontEnd.browser();
    const id = (await mine.get('/')).headers.get('x-trace-id')!;
    traces.take(frontEnd);
    const stored = {
      ...{ _time: new Date().toISOString(), _msg: 'order paid', severity_text: 'info' },
      ...{ 'service.name': 'orders', span_id: '00f067aa0ba902b7', orderId: 'o1', 'host.name': 'h' },
    };
    answer = () => ({ status: 200, body: `${JSON.stringify(stored)}\n` });
    const path = `/trace/mine/${id}/logs`;
    expect(await (await mine.get(path)).json()).toEqual({ kept: true, lines: [shown('orders')] });
    const [asked] = victoria.received;
    expect(asked?.path).toBe('/select/logsql/query');
    expect(asked?.query.get('query')).toBe(`trace_id:="${id}" | sort by (_time) limit 1000`);
    answer = () => ({ status: 200, body: '' });
    expect(await (await mine.get(path)).json()).toEqual(none);
    answer = () => ({ status: 500 });
    expect((await mine.get(path)).status).toBe(503);
  });

  it('are none where no logs are known', async () => {
    const frontEnd = await started({ ...shop.env, ...traces.env });
    const mine = frontEnd.browser();
    const id = (await mine.get('/')).headers.get('x-trace-id')!;
    traces.take(frontEnd);
    const response = await mine.get(`/trace/mine/${id}/logs`);
    expect(await response.json()).toEqual({ kept: false, lines: [] });
  });
});

describe('a line that is shown', () => {
  const stored = { atMs: 1, level: 'info', service: 's', message: 'm', spanId: 'a' } as const;

  it('has the fields of a list, and of errors the name', () => {
    const fields = {
      ...{ orderId: 'o1', amount: 22.5, route: 'GET /carts/{id}/items', was: 'PAID' },
      ...{ customerId: 'c1', 'user-name': 'b332', query: 'SELECT 1', status: '<script>' },
      error: `TypeError: ${SECRET} (cause: Error: no)`,
    };
    expect(shownLine({ ...stored, fields })?.fields).toEqual({
      ...{ orderId: 'o1', amount: '22.5', route: 'GET /carts/{id}/items', was: 'PAID' },
      error: 'TypeError',
    });
  });

  it.each([
    ['order paid', 'order paid'],
    [
      'SESSION_REDIS has no effect: sessions are sealed',
      'SESSION_REDIS has no effect: sessions are sealed',
    ],
    ['no user "bob"', ''],
    ['card 4111', ''],
    ['a@b.example', ''],
  ])('says %s only if that is a fixed message', (message, expected) => {
    expect(shownLine({ ...stored, message, fields: {} })?.message).toBe(expected);
  });

  it('belongs to a span', () => {
    expect(shownLine({ ...stored, spanId: undefined, fields: {} })).toBeUndefined();
  });
});
