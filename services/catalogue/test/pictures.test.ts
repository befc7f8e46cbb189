import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FREE_PORT, ServiceUnderTest } from '@sockshop/service-testing';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '../src/catalogue.module.ts';
import { CatalogueConfig } from '../src/config.ts';

describe('GET /catalogue/images/{file}', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
  const service = new ServiceUnderTest();
  let clockMs = 0;
  const write = (name: string, text: string, seconds: number): void => {
    writeFileSync(join(folder, name), text);
    utimesSync(join(folder, name), seconds, seconds);
  };
  const get = (headers: Record<string, string> = {}, name = 'a.jpeg') =>
    service.fetch(`/catalogue/images/${name}`, { headers });
  const text = async (name?: string) => (await get({}, name)).text();

  beforeAll(async () => {
    const env = { ...FREE_PORT, DATABASE_URL: 'sqlite::memory:', IMAGES: folder };
    await service.begin(catalogue(CatalogueConfig.read(env), () => clockMs));
  });
  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    clockMs += 1000;
    write('a.jpeg', 'a sock', 1000);
  });

  it('answers 200 with a strong validator, and 304 to a caller that has the picture', async () => {
    const first = await get();
    expect(await first.text()).toBe('a sock');
    const etag = first.headers.get('etag')!;
    expect(etag).toMatch(/^"[\w-]+"$/);
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': '6',
      'cache-control': 'public, max-age=3600',
      'accept-ranges': 'bytes',
      'last-modified': new Date(1_000_000).toUTCString(),
    });
    const both = { 'if-none-match': etag, 'if-modified-since': new Date(0).toUTCString() }; // as browsers send them
    const again = await get(both);
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('shows a changed, a new and a deleted file after at most a second', async () => {
    expect(await text()).toBe('a sock');
    write('a.jpeg', 'b sock', 2000);
    clockMs += 999;
    expect(await text()).toBe('a sock');
    clockMs += 1;
    expect(await text()).toBe('b sock');
    expect((await get({}, 'c.jpeg')).status).toBe(404);
    write('c.jpeg', 'c sock', 3000);
    expect(await text('c.jpeg')).toBe('c sock');
    rmSync(join(folder, 'c.jpeg'));
    clockMs += 1000;
    expect((await get({}, 'c.jpeg')).status).toBe(404);
  });

  it('answers 206 with a part of a picture that is in memory', async () => {
    expect(await text()).toBe('a sock');
    const part = await get({ range: 'bytes=2-5' });
    expect([part.status, await part.text()]).toEqual([206, 'sock']);
  });

  it('serves a larger picture than memory takes', async () => {
    write('large.jpeg', 'x'.repeat(9 * 1024 * 1024), 1000);
    expect(await text('large.jpeg')).toHaveLength(9 * 1024 * 1024);
  });
});
