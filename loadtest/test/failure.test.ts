import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '../src/journal.ts';
import { runShoppers } from '../src/load-test.ts';
import { summaryOf } from '../src/summary.ts';
import { Tally } from '../src/tally.ts';
import { StandIn, until } from '@sockshop/testing';
import { Shop } from './shop.ts';
import { duringShopping, notOk, shopUntil, someOptions } from './shoppers.ts';

jest.setTimeout(60_000); // back-off on a busy machine

describe('a shopper in a shop that fails', () => {
  let shop: Shop;
  beforeEach(async () => {
    shop = new Shop();
    await shop.start();
  });
  afterEach(() => shop.stop());

  it('sends a checkout again under its key when the answer is lost, so that there is one order', async () => {
    shop.loseAnswersOfCheckouts(2);
    const options = someOptions(shop, '--shoppers', '1');
    const summary = await shopUntil(options, ({ ordersPlaced }) => ordersPlaced >= 3);
    expect(notOk(summary)).toEqual({ 'POST /orders UND_ERR_SOCKET error': 2 });
    expect(summary.errors).toBe(2);
    expect(summary.orders.map(({ id }) => id)).toEqual(shop.orders.map(({ id }) => id));
    expect(summary.checkoutsUnanswered).toBe(0);
  });

  it('repeats a checkout that got a 503', async () => {
    shop.refuseCheckouts(2);
    const options = someOptions(shop, '--shoppers', '1');
    const summary = await shopUntil(options, ({ ordersPlaced }) => ordersPlaced >= 1);
    expect(notOk(summary)).toEqual({ 'POST /orders 503 error': 2 });
    expect(summary.orders.map(({ id }) => id)).toEqual(shop.orders.map(({ id }) => id));
  });

  it('journals a request without a response as unknown, and a refused one as refused', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'journal-'));
    const file = join(folder, 'journal.jsonl');
    const written: Record<string, unknown>[] = [];
    try {
      const tally = new Tally(false, new Journal(file));
      const stop = new AbortController();
      const options = someOptions(shop, '--shoppers', '1');
      shop.answerCarts(500, 409);
      const running = runShoppers(options, tally, stop.signal, new AbortController().signal);
      await until(() => shop.orders.length >= 1);
      stop.abort();
      await running;
      const text = await readFile(file, 'utf8');
      written.push(
        ...text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as (typeof written)[0]),
      );
    } finally {
      await rm(folder, { recursive: true });
    }
    const fates = written.map(({ event, route, fate }) => [event, route, fate]);
    expect(fates.slice(0, 4)).toEqual([
      ['cart', 'DELETE /cart', 'unknown'],
      ['cart', 'DELETE /cart', 'refused'],
      ['cart', 'DELETE /cart', 'done'],
      ['cart', 'POST /cart', 'done'],
    ]);
  });

  it('survives a restart, and counts the failures', async () => {
    const options = someOptions(shop, '--shoppers', '4');
    const summary = await duringShopping(options, async (now) => {
      await until(() => now().ordersPlaced >= 10);
      await shop.stop();
      await until(() => now().routes.some(({ status }) => status === 'ECONNREFUSED'));
      const { ordersPlaced } = now();
      await shop.start();
      // A shopper that has ordered since then has recovered: the run must not end while another still waits to repeat a request.
      const back = () =>
        new Set(
          now()
            .orders.slice(ordersPlaced)
            .map(({ shopper }) => shopper),
        );
      await until(() => now().ordersPlaced >= ordersPlaced + 40 && back().size === 4);
    });
    expect(summary.errors).toBeGreaterThan(0);
    expect(summary.checkoutsUnanswered).toBe(0);
    const acknowledged = summary.orders.map(({ id }) => id).sort();
    expect(acknowledged).toEqual(shop.orders.map(({ id }) => id).sort());
    expect(new Set(summary.orders.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(
      summary.ordersPlaced,
    );
  });

  it('reports a checkout as unanswered when the run ends before its response', async () => {
    shop.loseAnswersOfCheckouts(Infinity);
    const options = someOptions(shop, '--shoppers', '1', '--shared-user');
    const summary = await shopUntil(options, ({ errors }) => errors >= 1);
    expect(summary.ordersPlaced).toBe(0);
    expect(summary.unanswered).toEqual([
      { shopper: 1, username: 'user', idempotencyKey: shop.orders[0]?.key },
    ]);
  });

  it('does not wait for a response after the cut, and does not count that as an error', async () => {
    shop.holdAnswersOfCheckouts();
    const tally = new Tally(true);
    const [stop, cut] = [new AbortController(), new AbortController()];
    const options = someOptions(shop, '--shoppers', '1', '--shared-user');
    const running = runShoppers(options, tally, stop.signal, cut.signal);
    await until(() => shop.orders.length === 1);
    stop.abort();
    cut.abort();
    await running;
    const summary = summaryOf(tally, 1_000);
    expect(summary.errors).toBe(0);
    expect(summary.unanswered).toEqual([
      { shopper: 1, username: 'user', idempotencyKey: shop.orders[0]?.key },
    ]);
  });

  it('keeps waiting for a shop that is unavailable', async () => {
    await shop.stop();
    const options = someOptions(shop, '--shoppers', '1', '--shared-user');
    const summary = await shopUntil(options, ({ errors }) => errors >= 4);
    expect(notOk(summary)).toEqual({ 'GET /catalogue ECONNREFUSED error': summary.errors });
    expect(summary.checkoutsUnanswered).toBe(0);
  });
});

describe('a body that lacks what the status promises', () => {
  it('is counted as an error of its own', async () => {
    const server = await StandIn.start(() => ({ status: 200, body: [] }));
    const url = new URL(server.url);
    const options = { ...someOptions(new Shop(), '--shoppers', '1', '--shared-user'), url };
    const summary = await shopUntil(options, ({ errors }) => errors >= 1);
    expect(notOk(summary)).toEqual({ 'GET /catalogue 200 bad body error': summary.errors });
    await server.close();
  });
});
