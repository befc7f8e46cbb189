import { afterEach, describe, expect, it } from '@jest/globals';
import { ended, until } from '@sockshop/testing';
import { connect } from 'node:net';
import { send, type Shelf, type ShelfOptions, startShelf } from './sock-shelf.ts';

describe('the log line of a request', () => {
  let shelf: Shelf;
  afterEach(async () => {
    shelf.gate.release();
    await shelf.service.close();
  });
  const start = async (options: ShelfOptions): Promise<void> => {
    shelf = await startShelf(options);
  };
  const lines = () => shelf.lines.filter(({ message }) => message === 'request');

  it('has the ids of its span, method, route, status and duration, once for each traced request', async () => {
    await start({ requestLevel: 'info', minimum: 'info' });
    for (const path of ['/socks?token=hush', '/health', '/metrics', '/nosuch']) {
      await send(shelf.service.url, 'GET', path);
    }
    await send(shelf.service.url, 'GET', '/socks/fail/unavailable');
    const spans = await ended(shelf.spans, 3);
    await until(() => lines().length === 3);
    const common = { level: 'info', service: 'shelf', method: 'GET' };
    expect(lines()).toMatchObject([
      { ...common, route: '/socks', status: 200 },
      { ...common, status: 404 },
      { ...common, route: '/socks/fail/{how}', status: 503, errorType: '503' },
    ]);
    expect(lines().map((line) => [line['trace_id'], line['span_id']])).toEqual(
      spans.map((span) => [span.spanContext().traceId, span.spanContext().spanId]),
    );
    for (const { durationMs } of lines()) expect(durationMs).toBeGreaterThan(0);
    expect(JSON.stringify(lines())).not.toContain('hush');
  });

  it('is also there for a caller that went', async () => {
    await start({ requestLevel: 'warn', minimum: 'warn' });
    const socket = connect(shelf.service.port, '127.0.0.1');
    socket.write('GET /socks/gate HTTP/1.1\r\nhost: shelf\r\n\r\n');
    await until(() => shelf.gate.waiting === 1);
    socket.destroy();
    await until(() => lines().length === 1);
    expect(lines()[0]).toMatchObject({ level: 'warn', status: 504, errorType: 'timeout' });
  });

  it.each<[string, ShelfOptions, number]>([
    ['at debug by default, which a log of info does not show', { minimum: 'info' }, 0],
    ['at debug by default', { minimum: 'debug' }, 1],
    ['never when it is off', { requestLevel: 'Off', minimum: 'debug' }, 0],
    ['at debug for a word that is no level', { requestLevel: 'loud', minimum: 'debug' }, 1],
    ['at the level of the setting, in any case', { requestLevel: 'INFO', minimum: 'info' }, 1],
  ])('is written %s', async (_when, options, count) => {
    await start(options);
    await send(shelf.service.url, 'GET', '/socks');
    await ended(shelf.spans, 1);
    await shelf.service.close(); // every request is over
    expect(lines()).toHaveLength(count);
  });
});
