import { freePort } from '@sockshop/supervisor';
import { describe, expect, it } from '@jest/globals';
import { givenServer, ServerUnavailableError } from '../src/server.ts';
import { givenZipkin } from '../src/zipkin.ts';

describe('a server given by URL', () => {
  it.each([
    ['mysql://root@127.0.0.1:3307/', 3307],
    ['mysql://shop:p%40ss@db.example/shop', 3306],
    ['mysql://shop:12345@db.example/', 3306],
    ['mongodb://a.example:27018,b.example:27019/?replicaSet=rs0', 27018],
    ['http://zipkin.example:9411', 9411],
  ])('%s is used as it is, port %d', async (url, port) => {
    const server = givenServer('MySQL', url, 3306);
    expect(server).toEqual({ name: 'MySQL', url, port, stop: expect.any(Function) });
    await expect(server!.stop()).resolves.toBeUndefined();
  });

  it.each([undefined, ''])('is none where the variable is %p', (url) => {
    expect(givenServer('MySQL', url, 3306)).toBeUndefined();
  });
});

describe('a Zipkin', () => {
  const spans = 'http://zipkin.example:9411/api/v2/spans';
  it.each([
    [{ ZIPKIN_URL: 'http://a.example' }, 'http://a.example'],
    [{ ZIPKIN: spans }, 'http://zipkin.example:9411'],
    [{ ZIPKIN: 'https://zipkin.example/' }, 'https://zipkin.example'],
    [{ ZIPKIN_URL: 'http://a.example', ZIPKIN: spans }, 'http://a.example'],
    [{ ZIPKIN_URL: '', ZIPKIN: '' }, undefined],
    [{}, undefined],
  ])('is given by %p as %p', (env, url) => {
    expect(givenZipkin(env)).toBe(url);
  });
});

describe('ServerUnavailableError', () => {
  it('says in one paragraph what is missing and what to do', () => {
    const error = new ServerUnavailableError('Zipkin', 'there is no `java`', 'Install Java.');
    expect(error.message).toBe('Zipkin is not available: there is no `java`. Install Java.');
    expect(error.server).toBe('Zipkin');
  });
});

describe('freePort', () => {
  it('hands no port out twice', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
    expect(new Set(ports).size).toBe(50);
  });
});
