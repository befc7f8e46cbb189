import { afterEach, describe, expect, it } from '@jest/globals';
import { type Answer, StandIn } from '@sockshop/testing';
import { Pool } from 'undici';
import { report } from '../src/report.ts';
import { catalogue } from '../src/routes.ts';
import { ShopClient } from '../src/shop-client.ts';
import { summaryOf } from '../src/summary.ts';
import { Tally } from '../src/tally.ts';
import { tracePages } from '../src/trace-pages.ts';

const ID = 'ab'.repeat(16);

describe('the summary of a run', () => {
  let shop: StandIn;
  afterEach(() => shop.close());
  const start = async (answers: Record<string, Answer>): Promise<URL> => {
    shop = await StandIn.start(({ path }) => answers[path] ?? { status: 404 });
    return new URL(shop.url);
  };
  const traced = (status: number, traceId: string): Answer => ({
    status,
    headers: { 'x-trace-id': traceId },
    body: status === 200 ? [] : { message: 'catalogue is unavailable' },
  });

  it('links the last error of each kind and the slowest response to their traces', async () => {
    const url = await start({
      '/observatory/api/config': { status: 200, body: { version: '1.0.0' } },
      '/catalogue': traced(503, ID),
    });
    const tally = new Tally();
    const pool = new Pool(url.origin);
    await new ShopClient(pool, '', tally).send(catalogue).catch(() => undefined);
    await pool.destroy();
    const text = report(summaryOf(tally, 1000), [], await tracePages(url));
    const link = `${url.href}observatory?trace=${ID}`;
    expect(text).toContain(
      `last error of each kind\n  GET /catalogue 503: catalogue is unavailable\n    ${link}\n`,
    );
    expect(text).toMatch(/slowest response\n {2}GET \/catalogue 503 in \d+\.\d ms\n {4}http/);
    expect(text.split(link)).toHaveLength(3);
    expect(summaryOf(tally, 1000).routes).toMatchObject([{ status: '503', traceId: ID }]);
  });

  it('names no trace where the shop names none, or no id', async () => {
    const url = await start({ '/catalogue': traced(503, 'https://elsewhere') });
    const tally = new Tally();
    const pool = new Pool(url.origin);
    await new ShopClient(pool, '', tally).send(catalogue).catch(() => undefined);
    await pool.destroy();
    const summary = summaryOf(tally, 1000);
    expect(summary.slowest).toBeNull();
    expect(report(summary, [], await tracePages(url))).not.toMatch(/trace|elsewhere/);
  });

  const zipkin = { '/trace/config': { status: 200, body: { zipkinUrl: 'http://zipkin:9411' } } };
  it.each<[string, Record<string, Answer>, string]>([
    [
      'a shop with an Observatory',
      { '/observatory/api/config': { status: 200, body: {} }, ...zipkin },
      `observatory?trace=${ID}`,
    ],
    [
      'one that asks for a password',
      { '/observatory/api/config': { status: 401 } },
      `observatory?trace=${ID}`,
    ],
    ['a shop with a Zipkin only', zipkin, `http://zipkin:9411/zipkin/traces/${ID}`],
    ['a shop with neither', {}, `trace ${ID}`],
    [
      'a shop that answers with a page',
      { '/observatory/api/config': { status: 200, body: 'x' } },
      `trace ${ID}`,
    ],
  ])('of %s leads there', async (_which, answers, expected) => {
    const pageOf = await tracePages(await start(answers));
    expect(pageOf(ID).replace(`${shop.url}/`, '')).toBe(expected);
  });

  it('of a shop that is down names the id', async () => {
    const url = await start({});
    await shop.close();
    expect((await tracePages(url))(ID)).toBe(`trace ${ID}`);
  });
});
