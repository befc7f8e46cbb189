import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { type Shelf, startShelf } from './sock-shelf.ts';

const TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'text/plain; charset=utf-8',
  'application/xml',
  'nonsense',
  '/',
];
const SOCK = '{"name":"sock","price":1}';

describe('a request body', () => {
  let shelf: Shelf;
  beforeAll(async () => {
    shelf = await startShelf();
  });
  afterAll(() => shelf.service.close());

  const post = async (path: string, body: string | Uint8Array, headers: Record<string, string>) => {
    const sent = typeof body === 'string' ? body : Uint8Array.from(body);
    const response = await fetch(`${shelf.service.url}${path}`, {
      method: 'POST',
      headers,
      body: sent,
    });
    const json = (await response.json()) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, json };
  };
  /** As it stands on the wire. */
  const raw = (head: string[], body: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(shelf.service.port, '127.0.0.1');
      let text = '';
      socket.on('data', (data) => (text += data.toString()));
      socket.on('end', () => {
        resolve(text);
      });
      socket.on('error', reject);
      socket.write([...head, 'host: localhost', 'connection: close', '', body].join('\r\n'));
    });

  it.each(TYPES)('that is empty counts as none, with type %s', async (type) => {
    const { status, json } = await post('/socks/any', '', { 'content-type': type });
    expect([status, json]).toEqual([201, { body: 'none' }]);
  });

  it.each(TYPES)('of no chunk counts as none, with type %s', async (type) => {
    const head = [
      'POST /socks/any HTTP/1.1',
      'transfer-encoding: chunked',
      `content-type: ${type}`,
    ];
    const answer = await raw(head, '0\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 201 /);
    expect(answer).toContain('{"body":"none"}');
  });

  it('may be missing together with its type', async () => {
    const answer = await raw(['POST /socks/any HTTP/1.1', 'content-length: 0'], '');
    expect(answer).toContain('{"body":"none"}');
  });

  it.each(TYPES)('that is needed and empty is 400 and says so, with type %s', async (type) => {
    const { status, json } = await post('/socks', '', { 'content-type': type });
    expect([status, json['message']]).toEqual([400, 'this needs a body: send it as JSON']);
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'nonsense', ''])(
    'of type "%s" is 415 with the type that is taken',
    async (type) => {
      const { status, headers, json } = await post('/socks', SOCK, { 'content-type': type });
      expect([status, headers.get('accept')]).toEqual([415, 'application/json']);
      expect(json['message']).toBe('send the body as JSON, with content-type: application/json');
    },
  );

  describe('that is compressed', () => {
    const send = (coding: string, body: Uint8Array, path = '/socks') =>
      post(path, body, { 'content-type': 'application/json', 'content-encoding': coding });

    it.each([
      ['gzip', gzipSync(SOCK)],
      ['x-gzip', gzipSync(SOCK)],
      ['GZIP', gzipSync(SOCK)],
      ['deflate', deflateSync(SOCK)],
      ['br', brotliCompressSync(SOCK)],
      ['identity', Buffer.from(SOCK)],
      ['', Buffer.from(SOCK)],
    ])('as %s is inflated', async (coding, body) => {
      const { status, json } = await send(coding, body);
      expect([status, json['sock']]).toEqual([201, { name: 'sock', price: 1 }]);
    });

    it.each(['compress', 'zstd', 'gzip, gzip', 'nonsense'])(
      'as %s is 415 with the encodings that are taken',
      async (coding) => {
        const { status, headers } = await send(coding, Buffer.from(SOCK));
        expect([status, headers.get('accept-encoding')]).toEqual([415, 'gzip, deflate, br']);
      },
    );

    it.each(['gzip', 'deflate', 'br'])('as %s, but is not, is 400', async (coding) => {
      const { status, json } = await send(coding, Buffer.from(SOCK));
      const message = `the body is not ${coding}, although content-encoding says so`;
      expect([status, json['message']]).toEqual([400, message]);
    });

    it('is 400 when its end is missing', async () => {
      expect((await send('gzip', gzipSync(SOCK).subarray(0, -4))).status).toBe(400);
    });

    it.each([
      ['gzip', gzipSync(Buffer.alloc(50 * 1024 * 1024))],
      ['br', brotliCompressSync(Buffer.alloc(1024 * 1024))],
      ['gzip', gzipSync(Buffer.alloc(100 * 1024 + 1, ' '))],
    ])('as %s and is large inside is 413', async (coding, bomb) => {
      expect(bomb.length).toBeLessThan(60 * 1024);
      const { status, json } = await send(coding, bomb);
      const message = 'the body is too large; send at most 100 KiB';
      expect([status, json['message']]).toEqual([413, message]);
    });

    it('takes as much as one that is not', async () => {
      const text = JSON.stringify(' '.repeat(100 * 1024 - 2));
      expect((await send('gzip', gzipSync(text), '/socks/any')).status).toBe(201);
    });

    it('counts as none when it is empty', async () => {
      const { json } = await send('gzip', Buffer.alloc(0), '/socks/any');
      expect(json).toEqual({ body: 'none' });
    });
  });
});
