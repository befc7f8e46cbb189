import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RunningProcess } from '@sockshop/testing';
import { appendFile, mkdtemp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

jest.setTimeout(60_000);

const MAIN = join(import.meta.dirname, '../dist/main.js');
const ORDER = '6b08f67738e3fbbce72a7162';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SWEEP = 'b7ad6b7169203331b7ad6b7169203331';

type Fields = Record<string, unknown>;

function line(second: number, service: string, message: string, fields: Fields = {}): string {
  const time = new Date(Date.parse('2026-03-01T12:00:00Z') + second * 1000).toISOString();
  return `${JSON.stringify({ time, level: 'info', service, message, ...fields })}\n`;
}

describe('npm run logs', () => {
  let dir: string;
  let logs: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'logs-'));
    logs = join(dir, 'logs');
    await mkdir(logs);
    const write = (name: string, ...lines: string[]) => writeFile(join(logs, name), lines.join(''));
    const of = { orderId: ORDER, trace_id: TRACE };
    await write(
      'front-end.log',
      line(1, 'front-end', 'merged', { trace_id: TRACE }),
      line(6, 'front-end', 'answered', of),
    );
    await write(
      'orders.log.1',
      line(0, 'orders', 'listening'),
      line(3, 'orders', 'paid', { ...of, shipmentId: 'S' }),
    );
    await write(
      'orders.log',
      line(9, 'orders', 'recovered', { orderId: ORDER, trace_id: SWEEP }),
      line(10, 'orders', 'recovered', {
        orderId: 'another',
        trace_id: SWEEP,
        level: 'error',
        error: 'it broke',
      }),
      line(11, 'orders', 'circuit opened', { trace_id: SWEEP, level: 'warn' }),
    );
    await write('orders-v2-1.log', line(4, 'orders', 'placed by v2', of));
    await write(
      'shipping.log',
      line(5, 'shipping', 'queued', { shipmentId: 'S' }),
      line(7, 'shipping', 'queued', { shipmentId: 'T' }),
    );
    await write(
      'edge-router.log',
      `{"time":1772366408,"message":"request","status":201,"trace_id":"${TRACE}"}\n`,
    );
  });
  afterAll(() => rm(dir, { recursive: true }));

  /** Exit code and output, of each line the message only. */
  async function found(...args: string[]): Promise<[number | null, string[]]> {
    const run = new RunningProcess([MAIN, '--dir', dir, '--json', ...args]);
    const code = await run.ended;
    const messages = run.output
      .trim()
      .split('\n')
      .map((text) => {
        return text.startsWith('{') ? (JSON.parse(text) as { message: string }).message : text;
      });
    return [code, messages];
  }

  it('finds one order in the logs of all services, in the order of time', async () => {
    expect(await found('--order', ORDER)).toEqual([
      0,
      ['merged', 'paid', 'placed by v2', 'queued', 'answered', 'request', 'recovered'],
    ]);
  });

  it.each([
    [
      ['--trace', TRACE.toUpperCase()],
      ['merged', 'paid', 'placed by v2', 'answered', 'request'],
    ],
    [
      ['--trace', TRACE.slice(16)],
      ['merged', 'paid', 'placed by v2', 'answered', 'request'],
    ],
    [['--trace', `00-${TRACE}-00f067aa0ba902b7-01`, '--service', 'edge-router'], ['request']],
    [['--service', 'orders-v2-1'], ['placed by v2']],
    [
      ['--service', 'orders', '--level', 'warn'],
      ['recovered', 'circuit opened'],
    ],
    [['--level', 'error', '--grep', 'BROKE'], ['recovered']],
    [['--order', ORDER, '--service', 'shipping'], ['queued']],
    [
      ['--since', '2026-03-01T12:00:10Z', '--service', 'orders'],
      ['recovered', 'circuit opened'],
    ],
  ])('%j: options combine', async (args, messages) => {
    expect(await found(...args)).toEqual([0, messages]);
  });

  it.each([
    [['--order', 'missing'], 1, /^No line about order missing is in .+logs\.$/],
    [
      ['--since', '1h', '--level', 'error'],
      1,
      /^No line of level error or worse and since 20.+Z is in /,
    ],
    [['--service', 'ordes'], 1, /^There is no service ordes\. There are: front-end, .+orders-v2-1/],
    [['--trace', 'xyz'], 2, /'xyz' is invalid\. Give 32 or 16 hex digits/],
    [['--level', 'fatal'], 2, /'fatal' is invalid\. Allowed choices are debug, info, warn, error/],
    [['--since', '999999999d'], 2, /Give 90s, 5m, 2h, 1d or a time\./],
    [['--since', 'soon'], 2, /'soon' is invalid\. Give 90s, 5m, 2h, 1d or a time/],
    [['--grep', '('], 2, /It is no regular expression/],
    [['--folow'], 2, /unknown option '--folow'/],
  ])('%j finds nothing and says why', async (args, code, says) => {
    const [ended, [first]] = await found(...args);
    expect([ended, first]).toEqual([code, expect.stringMatching(says)]);
  });

  it('says where it looked if there are no logs', async () => {
    const run = new RunningProcess([MAIN, '--data', join(dir, 'nothing')]);
    expect(await run.ended).toBe(1);
    expect(run.output).toMatch(/^There are no logs in .+nothing\. Start a shop with npm start/);
  });

  it('prints lines for people: what steers a terminal is replaced', async () => {
    const own = join(dir, 'own');
    await mkdir(own);
    await writeFile(
      join(own, 'sock-shop.log'),
      line(1, 'carts', 'a\u001b[2J', { text: 'b c', n: 1 }),
    );
    const run = new RunningProcess([MAIN, '--data', own], { env: { NO_COLOR: '1' } });
    expect(await run.ended).toBe(0);
    expect(run.output).toBe('2026-03-01T12:00:01.000Z info  carts        a·[2J text="b c" n=1\n');
  });

  it('follows the logs: each new line once, also after a log was put aside', async () => {
    const own = join(dir, 'followed', 'logs');
    const log = join(own, 'carts.log');
    await mkdir(own, { recursive: true });
    const halved = line(1, 'carts', 'halved');
    await writeFile(log, line(1, 'carts', 'first') + halved.slice(0, 40)); // it is being written
    const run = new RunningProcess([
      MAIN,
      '--dir',
      join(dir, 'followed'),
      '--follow',
      '--service',
      'carts',
    ]);
    try {
      await run.said(/first/);
      await appendFile(log, halved.slice(40) + line(2, 'carts', 'second'));
      await run.said(/second/);
      await rename(log, `${log}.1`);
      await writeFile(log, line(3, 'carts', 'third'));
      await run.said(/third/);
      await writeFile(join(own, 'carts-2.log'), line(4, 'carts', 'fourth'));
      await run.said(/fourth/);
      expect(run.output.match(/first|info +carts +halved|second|third|fourth/g)).toEqual([
        'first',
        expect.stringContaining('halved'),
        'second',
        'third',
        'fourth',
      ]);
    } finally {
      await run.stop();
    }
  });
});
