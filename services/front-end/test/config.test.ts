import { describe, expect, it } from '@jest/globals';
import { JsonLog } from '@sockshop/service';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FrontEndConfig } from '../src/config.ts';
import { keyFrom, sessionKey } from '../src/session-key.ts';

describe('configuration', () => {
  it('finds the upstreams by the names of the original and listens on its port', () => {
    expect(FrontEndConfig.read({})).toMatchObject({
      port: 8079,
      catalogueUrl: 'http://catalogue',
      cartsUrl: 'http://carts',
      ordersUrl: 'http://orders',
      userUrl: 'http://user',
      upstreamTimeoutMs: 2000,
      orderTimeoutMs: 8000,
    });
  });

  it('appends the domain of the original flag to the names, but not to a URL that is given', () => {
    const config = FrontEndConfig.read({ USER_URL: 'http://127.0.0.1:8085' }, [
      '--domain=shop.svc',
    ]);
    expect(config).toMatchObject({
      catalogueUrl: 'http://catalogue.shop.svc',
      cartsUrl: 'http://carts.shop.svc',
      ordersUrl: 'http://orders.shop.svc',
      userUrl: 'http://127.0.0.1:8085',
    });
  });

  it.each([
    [{}, undefined],
    [{ ZIPKIN: 'http://zipkin:9411/api/v1/spans' }, 'http://zipkin:9411'],
    [{ ZIPKIN: 'http://zipkin:9411/behind/api/v2/spans' }, 'http://zipkin:9411/behind'],
    [{ ZIPKIN_HOST: 'zipkin' }, 'http://zipkin:9411'],
    [{ OTEL_EXPORTER_ZIPKIN_ENDPOINT: 'http://z:9411' }, 'http://z:9411'],
    [{ ZIPKIN: 'http://collector/spans' }, undefined],
    [{ ZIPKIN: 'http://zipkin:9411', OTEL_TRACES_EXPORTER: 'none' }, undefined],
    [{ ZIPKIN: 'http://zipkin:9411', OTEL_SDK_DISABLED: 'true' }, undefined],
    [{ ZIPKIN: 'http://zipkin:9411', TRACES_URL: 'http://tempo:9411' }, 'http://tempo:9411'],
  ])('with %p reads traces at %p', (env: Record<string, string>, url) => {
    expect(FrontEndConfig.read(env).tracesUrl).toBe(url);
  });

  it('reads traces where the original flag sends spans', () => {
    const { tracesUrl } = FrontEndConfig.read({}, ['--zipkin=http://zipkin:9411/api/v1/spans']);
    expect(tracesUrl).toBe('http://zipkin:9411');
  });

  it.each([
    ['CARTS_URL', 'carts:80'],
    ['SESSION_KEY', 'short'],
    ['UPSTREAM_TIMEOUT_MS', '0'],
    ['PORT', '99999'],
    ['TRACES_URL', 'zipkin:9411'],
    ['TRACES_PUBLIC_URL', 'zipkin'],
    ['OBSERVATORY', 'maybe'],
    ['TRACE_DRAWER', 'true'],
  ])('stops at start when %s is %s, and names it', (name, value) => {
    expect(() => FrontEndConfig.read({ [name]: value })).toThrow(new RegExp(name));
  });
});

describe('the session key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'session-key-'));
  const lines: string[] = [];
  const log = new JsonLog('front-end', 'info', (line) => lines.push(line));
  const key = (env: Record<string, string>) => sessionKey(FrontEndConfig.read(env), log);

  it('is taken as hex, as base64 and as a passphrase', () => {
    const bytes = Buffer.alloc(32, 7);
    expect(keyFrom(bytes.toString('hex'))).toEqual(bytes);
    expect(keyFrom(bytes.toString('base64'))).toEqual(bytes);
    expect(keyFrom(bytes.toString('base64url'))).toEqual(bytes);
    const phrase = key({ SESSION_KEY: 'wool and cotton, both' });
    expect(phrase).toHaveLength(32);
    expect(key({ SESSION_KEY: 'wool and cotton, both' })).toEqual(phrase);
  });

  it('is made once, kept in a file that only its owner reads, and found again', () => {
    const SESSION_KEY_FILE = join(folder, 'kept', 'session.key');
    const made = key({ SESSION_KEY_FILE });
    expect(made).toHaveLength(32);
    expect(key({ SESSION_KEY_FILE })).toEqual(made);
    expect(statSync(SESSION_KEY_FILE).mode & 0o777).toBe(0o600);
    expect(readFileSync(SESSION_KEY_FILE, 'utf8')).toBe(made.toString('hex'));
    expect(lines).toEqual([]);
  });

  it('stays in memory with a warning where no file can be written', () => {
    writeFileSync(join(folder, 'no-folder'), '');
    const SESSION_KEY_FILE = join(folder, 'no-folder', 'session.key');
    expect(key({ SESSION_KEY_FILE })).toHaveLength(32);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      {
        level: 'warn',
        message: 'no session key given and none can be kept: sessions end with this process',
      },
    ]);
  });

  it('is not taken from a file that holds something else', () => {
    const SESSION_KEY_FILE = join(folder, 'other');
    writeFileSync(SESSION_KEY_FILE, '');
    lines.length = 0;
    expect(key({ SESSION_KEY_FILE })).toHaveLength(32);
    expect(lines).toHaveLength(1);
  });
});
