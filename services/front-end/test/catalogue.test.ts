import { describe, expect, it } from '@jest/globals';
import { problem, refused, frontEndSuite } from './running-front-end.ts';
import { CROSSED, HOLY, PICTURE } from './shop-stand-ins.ts';

describe('catalogue through front-end', () => {
  const { shop, frontEnd } = frontEndSuite();
  const get = (path: string, headers?: Record<string, string>) =>
    frontEnd.browser().get(path, headers);

  it('GET /catalogue answers 200 with the socks', async () => {
    const response = await get('/catalogue');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual([CROSSED, HOLY]);
  });

  it('GET /catalogue passes its query on, repeated tags as a list', async () => {
    const response = await get(
      '/catalogue?page=1&size=6&tags=blue&tags=no%20such&sort=id&q=wool%20%26%20blue',
    );
    expect(await response.json()).toEqual([CROSSED]);
    const [asked] = shop.catalogueServer.received;
    expect(Object.fromEntries(asked!.query)).toEqual({
      page: '1',
      size: '6',
      tags: 'blue,no such',
      sort: 'id',
      q: 'wool & blue',
    });
  });

  it('GET /catalogue answers 400 in the words of catalogue', async () => {
    expect(await problem(await get('/catalogue?size=-1'))).toEqual(refused(400, 'size: too small'));
  });

  it('GET /catalogue/size answers 200 with the number of socks', async () => {
    const response = await get('/catalogue/size?tags=&q=holy');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ size: 2, err: null });
    expect(Object.fromEntries(shop.catalogueServer.received[0]!.query)).toEqual({
      tags: '',
      q: 'holy',
    });
  });

  it('GET /catalogue/:id answers 200 with the sock', async () => {
    const response = await get('/catalogue/holy');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(HOLY);
  });

  it('GET /catalogue/:id answers 404 for an unknown sock', async () => {
    expect(await problem(await get('/catalogue/nosuch'))).toEqual(refused(404, 'no sock nosuch'));
  });

  it('GET /catalogue/:id answers 404 where an original catalogue hides that behind 500', async () => {
    shop.catalogueServer.instead = () => ({
      status: 500,
      body: { error: 'Do: not found', status_code: 500, status_text: 'Internal Server Error' },
    });
    expect(await problem(await get('/catalogue/nosuch'))).toEqual(refused(404, 'not found'));
  });

  it('GET /tags answers 200 with the tags', async () => {
    const response = await get('/tags?ignored=1');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ tags: ['magic', 'blue'], err: null });
  });

  it.each(['/catalogue', '/catalogue/size', '/catalogue/holy', '/tags'])(
    'GET %s passes the validator of catalogue on, and 304 to a caller that has the answer',
    async (path) => {
      shop.catalogueServer.instead = ({ headers }) => {
        const known = headers['if-none-match'] === '"s1"';
        const kept = { etag: '"s1"', 'cache-control': 'no-cache' };
        return known ? { status: 304, headers: kept } : { status: 200, headers: kept, body: {} };
      };
      const browser = frontEnd.browser();
      await browser.get('/');
      const cold = await fetch(`${frontEnd.url}${path}`);
      expect([cold.status, cold.headers.get('etag')]).toEqual([200, '"s1"']);
      expect(cold.headers.get('cache-control')).toBe('private, no-cache'); // it sets a session
      await cold.text();
      const again = await browser.get(path, { 'if-none-match': '"s1"' });
      expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([
        304,
        '"s1"',
        '',
      ]);
      expect(again.headers.get('content-type')).toBeNull();
    },
  );

  it('GET /catalogue of an original catalogue, which sends no validator, is not kept', async () => {
    const response = await get('/catalogue');
    expect(response.headers.get('etag')).toBeNull();
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('sends no cookie upstream', async () => {
    const browser = frontEnd.browser();
    await browser.get('/catalogue');
    await browser.get('/catalogue');
    expect(shop.catalogueServer.received.map(({ headers }) => headers.cookie)).toEqual([
      undefined,
      undefined,
    ]);
  });

  describe('GET /catalogue/images/:file', () => {
    const path = '/catalogue/images/holy_1.jpeg';

    it('answers 200 with the picture and what a browser needs to keep it', async () => {
      const response = await get(path);
      expect(response.status).toBe(200);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(PICTURE);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'image/jpeg',
        'content-length': String(PICTURE.length),
        etag: '"p1"',
        'last-modified': 'Fri, 20 Nov 2026 10:00:00 GMT',
        'accept-ranges': 'bytes',
        'cache-control': 'public, max-age=3600',
      });
    });

    it('answers 304 to a browser that has it', async () => {
      const response = await get(path, { 'if-none-match': '"p1"' });
      expect(response.status).toBe(304);
      expect(response.headers.get('etag')).toBe('"p1"');
      for (const name of ['content-length', 'content-type', 'transfer-encoding']) {
        expect([name, response.headers.get(name)]).toEqual([name, null]);
      }
    });

    it('answers 206 with a part and 416 past the end', async () => {
      const part = await get(path, { range: 'bytes=0-3' });
      expect(part.status).toBe(206);
      expect(part.headers.get('content-range')).toBe(`bytes 0-3/${PICTURE.length}`);
      expect(await part.text()).toBe(PICTURE.toString().slice(0, 4));
      const past = await get(path, { range: 'bytes=900-' });
      expect(past.status).toBe(416);
      expect(past.headers.get('content-range')).toBe(`bytes */${PICTURE.length}`);
    });

    it('answers 404 for a picture that is not there, and outside of the folder', async () => {
      expect((await get('/catalogue/images/nosuch.jpeg')).status).toBe(404);
      expect((await get('/catalogue/images/..%2f..%2fholy')).status).toBe(404);
    });

    it('answers HEAD with the headers alone', async () => {
      const response = await frontEnd.browser().request('HEAD', path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-length')).toBe(String(PICTURE.length));
    });

    it('is neither traced nor the start of a session', async () => {
      frontEnd.spans.reset();
      const response = await get(path);
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(frontEnd.spans.getFinishedSpans()).toEqual([]);
    });
  });
});
