import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesAt, inOrder, linesOf, type LogLine, parseLine } from '../src/index.ts';

const START = Date.parse('2026-03-01T12:00:00.000Z');
const ALL = { fromMs: 0, toMs: Infinity };

/** The event of that second; longer than its time alone, so that places in a file differ from numbers of lines. */
function event(second: number, service = 'orders'): string {
  const time = new Date(START + second * 1000).toISOString();
  return JSON.stringify({
    time,
    level: 'info',
    service,
    message: 'event',
    second,
    pad: 'x'.repeat(second % 90),
  });
}

async function all(lines: AsyncGenerator<LogLine, void>): Promise<LogLine[]> {
  const read: LogLine[] = [];
  for await (const line of lines) read.push(line);
  return read;
}

describe('log files', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'log-lines-'));
    const seconds = (from: number, to: number, service?: string) =>
      Array.from({ length: to - from }, (_, index) => event(from + index, service)).join('\n');
    await writeFile(join(dir, 'orders.log.1'), `${seconds(0, 5000)}\n`);
    await writeFile(
      join(dir, 'orders.log'),
      `${seconds(5000, 9000)}\n    at a stack\n${event(9000)}\n`,
    );
    await writeFile(join(dir, 'orders-v2-1.log'), `${seconds(4990, 5010)}\n`);
    await writeFile(join(dir, 'other.txt'), 'not a log\n');
  });
  afterAll(() => rm(dir, { recursive: true }));

  const orders = () => filesAt(dir).filter(({ instance }) => instance === 'orders');

  it('are found with what was put aside of them, and nothing else is', () => {
    const found = filesAt(dir).map(({ instance, paths }) => [instance, paths.length]);
    expect(Object.fromEntries(found)).toEqual({ orders: 2, 'orders-v2-1': 1 });
    expect(filesAt(join(dir, 'orders-v2-1.log')).map(({ instance }) => instance)).toEqual([
      'orders-v2-1',
    ]);
    expect(filesAt(join(dir, 'missing'))).toEqual([]);
  });

  it.each([
    [0, 9001],
    [1, 2],
    [4998, 5003],
    [7777, 7777],
    [8999, 20_000],
    [9001, 9002],
  ])('have the lines of the seconds %d to %d, both included', async (from, to) => {
    const [log] = orders();
    const span = { fromMs: START + from * 1000, toMs: START + to * 1000 };
    const read = (await all(linesOf(log!, span))).flatMap(({ fields }) => fields['second'] ?? []);
    const wanted = Array.from(
      { length: Math.max(0, Math.min(to, 9000) - from + 1) },
      (_, at) => from + at,
    );
    expect(read).toEqual(wanted);
  });

  it('have a text that is no event at the time of the event before it, as a warning', async () => {
    const lines = await all(linesOf(orders()[0]!, { fromMs: START + 8_999_000, toMs: Infinity }));
    expect(
      lines.map(({ message, level, atMs }) => [message, level, (atMs - START) / 1000]),
    ).toEqual([
      ['event', 'info', 8999],
      ['    at a stack', 'warn', 8999],
      ['event', 'info', 9000],
    ]);
  });

  it('have the lines with one of some texts, at the time that they have among all others', async () => {
    const containing = new Set(['"second":8,', '"second":8999,', 'at a stack']);
    const lines = await all(linesOf(orders()[0]!, { ...ALL, containing }));
    expect(lines.map(({ message, atMs }) => [message, (atMs - START) / 1000])).toEqual([
      ['event', 8],
      ['event', 8999],
      ['    at a stack', 8999],
    ]);
  });

  it('may have lines of any length, separators of other kinds in them, and no end', async () => {
    const long = JSON.stringify({ time: new Date(START), message: 'x'.repeat(1_000_000) });
    const text = 'one\u2028line\u0085still';
    await writeFile(
      join(dir, 'odd.log'),
      `${long}\r\n${JSON.stringify({ message: text })}\n{"time`,
    );
    const [odd] = filesAt(join(dir, 'odd.log'));
    const lines = await all(linesOf(odd!, ALL));
    expect(lines.map((line) => line.text)).toEqual([
      long,
      JSON.stringify({ message: text }),
      '{"time',
    ]);
    await rm(join(dir, 'odd.log'));
  });

  it('are merged in the order of time', async () => {
    const lines = await all(inOrder(filesAt(dir).map((log) => linesOf(log, ALL))));
    expect(lines).toHaveLength(9002 + 20);
    const times = lines.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((one, other) => one - other));
  });
});

describe('a line', () => {
  it('of a service has its ids and its fields apart', () => {
    const text =
      '{"time":"2026-03-01T12:00:00.000Z","level":"warn","service":"carts","message":"m","a":1,"trace_id":"AB","span_id":"cd","trace_flags":"01"}';
    expect(parseLine(text, 'carts-2', 0)).toEqual({
      atMs: START,
      level: 'warn',
      service: 'carts',
      instance: 'carts-2',
      message: 'm',
      traceId: 'ab',
      spanId: 'cd',
      fields: { a: 1 },
      text,
    });
  });

  it.each([
    [
      '{"time":1772366400.5,"trace_id":""}',
      { atMs: START + 500, level: 'info', traceId: undefined },
    ],
    ['{"time":"soon"}', { atMs: 7, level: 'warn', message: '{"time":"soon"}' }],
    ['{"time"', { atMs: 7, level: 'warn' }],
    ['null', { atMs: 7, message: 'null' }],
  ])('%s is read as far as it can be', (text, expected) => {
    expect(parseLine(text, 'edge-router', 7)).toMatchObject({
      service: 'edge-router',
      ...expected,
    });
  });
});
