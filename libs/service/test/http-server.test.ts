import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '@sockshop/testing';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Shelf, startShelf } from './sock-shelf.ts';

const POST = 'POST /socks/any HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';

/** The raw conversation of one connection. */
class Talk {
  text = '';
  readonly ended: Promise<unknown>;

  constructor(readonly socket: Socket) {
    socket.on('data', (bytes) => (this.text += bytes.toString()));
    socket.on('error', () => undefined); // a reset, after the response
    // Not `once(socket, 'close')`: it rejects where a reset comes before the close.
    this.ended = new Promise((resolve) => socket.once('close', resolve));
  }

  get statuses(): string[] {
    return [...this.text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status!);
  }

  get problem(): unknown {
    return JSON.parse(this.text.split('\r\n\r\n')[1]!) as unknown;
  }
}

describe('an HTTP server', () => {
  let shelf: Shelf;
  const start = async (requestMs?: number): Promise<void> => {
    shelf = await startShelf({
      definition: {
        responseHeaders: () => ({ 'x-content-type-options': 'nosniff' }),
        ...(requestMs !== undefined && { requestMs }),
      },
    });
  };
  const talk = async (text: string): Promise<Talk> => {
    const socket = connect(shelf.service.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(text);
    return new Talk(socket);
  };
  afterEach(() => shelf.service.close());

  it.each([
    ['a body that stops', `${POST}content-length: 100\r\n\r\n{`],
    ['a chunked body that stops', `${POST}transfer-encoding: chunked\r\n\r\n1\r\n{\r\n`],
    ['headers that stop', 'GET /socks HTTP/1.1\r\nhost: loc'],
  ])('cuts off %s, with 408', async (_what, text) => {
    await start(200);
    const stalled = await talk(text);
    await stalled.ended;
    expect(stalled.statuses).toEqual(['408']);
    expect(stalled.text).toMatch(/^x-content-type-options: nosniff\r$/m);
    expect(stalled.text).toMatch(/^content-type: application\/problem\+json; charset=utf-8\r$/m);
    const detail = 'the request took too long to arrive';
    expect(stalled.problem).toEqual({
      type: 'about:blank',
      title: 'Request Timeout',
      status: 408,
      detail,
      message: detail,
    });
  });

  it('cuts off a body that drips for ever', async () => {
    await start(300);
    const slow = await talk(`${POST}transfer-encoding: chunked\r\n\r\n`);
    const drip = setInterval(() => slow.socket.write('1\r\n \r\n'), 20);
    await slow.ended;
    clearInterval(drip);
    expect(slow.statuses).toEqual(['408']);
  });

  it('cuts off a connection that sends nothing', async () => {
    await start(200);
    const silent = await talk('');
    await silent.ended;
    expect(silent.text.length === 0 || silent.statuses[0] === '408').toBe(true);
  });

  it('lets a response take as long as it likes', async () => {
    await start(200);
    const { gate } = shelf;
    const waiting = await talk('GET /socks/gate HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await until(() => gate.waiting === 1);
    for (let time = 0; time < 2; time += 1) {
      await (
        await talk('GET /socks HTTP/1.1\r\n')
      ).ended; // cut off, so the time has passed
    }
    expect(waiting.text).toBe('');
    gate.release();
    await until(() => waiting.statuses[0] === '200');
    waiting.socket.destroy();
  });

  it('lets a kept connection be idle as long as it likes', async () => {
    await start(200);
    const request = 'GET /socks HTTP/1.1\r\nhost: localhost\r\n\r\n';
    const kept = await talk(request);
    await until(() => kept.statuses.length === 1);
    await (
      await talk('GET /socks HTTP/1.1\r\n')
    ).ended; // cut off, so the time has passed
    kept.socket.write(request);
    await until(() => kept.statuses.length === 2);
    expect(kept.statuses).toEqual(['200', '200']);
    kept.socket.destroy();
  });

  it.each([
    ['400', 'no HTTP', 'hello\r\n\r\n'],
    ['400', 'another version', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['400', 'a length that is none', `${POST}content-length: x\r\n\r\n`],
    ['400', 'two lengths', `${POST}content-length: 1\r\ncontent-length: 2\r\n\r\n`],
    ['400', 'a control character', 'GET /socks HTTP/1.1\r\nhost: a\u0001b\r\n\r\n'],
    ['400', 'no host', 'GET /socks HTTP/1.1\r\nconnection: close\r\n\r\n'],
    [
      '413',
      'large extensions of a chunk',
      `${POST}transfer-encoding: chunked\r\n\r\n1;${'x'.repeat(40_000)}\r\n`,
    ],
    ['431', 'large headers', `GET /socks HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`],
  ])('answers %s with its headers to %s', async (status, _what, text) => {
    await start();
    const refused = await talk(text);
    await refused.ended;
    expect(refused.statuses).toEqual([status]);
    expect(refused.text).toMatch(/^x-content-type-options: nosniff\r$/m);
    expect(refused.problem).toMatchObject({ type: 'about:blank', status: Number(status) });
  });

  it('ignores an expectation that it does not know, and accepts HTTP/1.0 without a host', async () => {
    await start();
    const expecting = await talk(
      'GET /socks HTTP/1.1\r\nhost: localhost\r\nexpect: wonders\r\nconnection: close\r\n\r\n',
    );
    const old = await talk('GET /socks HTTP/1.0\r\n\r\n');
    await Promise.all([expecting.ended, old.ended]);
    expect([...expecting.statuses, ...old.statuses]).toEqual(['200', '200']);
    expect(expecting.text).toMatch(/^x-content-type-options: nosniff\r$/m);
  });

  it('answers 400 to what follows a request on its connection and is none', async () => {
    await start();
    const two = await talk('GET /socks HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await until(() => two.statuses.length === 1);
    two.socket.write('no HTTP\r\n\r\n');
    await two.ended;
    expect(two.statuses).toEqual(['200', '400']);
  });
});
