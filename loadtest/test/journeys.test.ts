import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { JOURNEY_NAMES, type Journey, type JourneyName, JOURNEYS, walk } from '../src/journeys.ts';
import type { Options } from '../src/options.ts';
import { Random } from '../src/random.ts';
import { Shop } from './shop.ts';
import { notOk, shopUntil, someOptions } from './shoppers.ts';

jest.setTimeout(60_000); // for a busy machine

describe('a journey', () => {
  it.each(JOURNEY_NAMES)('is a machine whose states all lead to an end: %s', (name) => {
    const { states }: Journey = JOURNEYS[name];
    const seen = new Set<string>();
    for (let seed = 0; seed < 300; seed++)
      for (const step of walk(JOURNEYS[name], new Random(seed))) seen.add(step);
    expect([...seen].sort()).toEqual(Object.keys(states).sort());
  });

  it('goes each way as often as its weight says', () => {
    const ends = Array.from({ length: 2000 }, (_, seed) =>
      [...walk(JOURNEYS.buy, new Random(seed))].at(-1),
    );
    const share = ends.filter((step) => step === 'order').length / ends.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.05);
  });

  it('has weights of 100 together', () => {
    expect(JOURNEY_NAMES.reduce((sum, name) => sum + JOURNEYS[name].weight, 0)).toBe(100);
  });
});

describe('the journeys of shoppers', () => {
  let shop: Shop;
  beforeEach(async () => {
    shop = new Shop();
    await shop.start();
  });
  afterEach(() => shop.stop());
  const doing = (...journeys: JourneyName[]): Options => ({
    ...someOptions(shop, '--shoppers', '2'),
    mixture: Object.fromEntries(journeys.map((name) => [name, 1])),
  });

  it.each(JOURNEY_NAMES)('succeed one by one: %s', async (name) => {
    const { journeys, errors } = await shopUntil(doing(name), ({ journeys }) =>
      journeys.some((line) => line.name === name && line.done >= 5),
    );
    expect(errors).toBe(0);
    expect(journeys.filter(({ failed }) => failed > 0)).toEqual([]);
    const signsUp = JOURNEYS[name].account ? ['sign-up'] : [];
    expect(journeys.map((line) => line.name)).toEqual([name, ...signsUp].sort());
  });

  it('are mixed by their weights, and each step is counted in its journey', async () => {
    const mixture = { browse: 3, search: 1 };
    const { journeys } = await shopUntil(
      { ...doing(), mixture },
      ({ journeys }) => (journeys.find(({ name }) => name === 'search')?.count ?? 0) >= 100,
    );
    const [browse, search] = journeys;
    expect(browse!.count / search!.count).toBeGreaterThan(2);
    expect(browse!.count / search!.count).toBeLessThan(4);
    expect(browse!.steps.map(({ route }) => route)).toEqual([
      'GET /',
      'GET /catalogue',
      'GET /catalogue/{id}',
      'GET /category.html',
      'GET /detail.html',
    ]);
  });

  it('have their payment declined where they should', async () => {
    const summary = await shopUntil(doing('decline'), ({ ordersDeclined }) => ordersDeclined >= 5);
    expect(summary.ordersPlaced).toBe(0);
    expect(notOk(summary)).toEqual({ 'POST /orders 406 business': summary.ordersDeclined });
  });

  it('log in with a wrong password, which the shop must refuse', async () => {
    const { routes } = await shopUntil(doing('wrong-password'), ({ routes }) =>
      routes.some(({ status, count }) => status === '401' && count >= 3),
    );
    const logins = routes.filter(({ route }) => route === 'GET /login');
    expect(logins.map(({ status, outcome }) => [status, outcome])).toEqual([
      ['200', 'ok'],
      ['401', 'ok'],
    ]);
  });

  it('change to another account when they register one', async () => {
    await shopUntil(doing('register'), () => shop.customers.size >= 7);
    const names = [...shop.customers.keys()].filter((name) => name !== 'user');
    expect(new Set(names).size).toBe(names.length);
  });

  it('do not ask for the orders of an account that they have left', async () => {
    const names = ['buy', 'register', 'return'] as const;
    const { errors } = await shopUntil(doing(...names), ({ journeys }) =>
      names.every((name) => journeys.some((line) => line.name === name && line.done >= 10)),
    );
    expect(errors).toBe(0);
  });

  it('of the original send what its load test sends: no key, and no second attempt', async () => {
    shop.refuseCheckouts(1);
    shop.answerCheckouts(409); // another shopper orders this cart
    const original = someOptions(shop, '--shoppers', '1', '--shared-user', '--original');
    const summary = await shopUntil(original, ({ ordersPlaced }) => ordersPlaced >= 3);
    expect(notOk(summary)).toEqual({
      'POST /orders 409 business': 1,
      'POST /orders 503 error': 1,
    });
    expect([summary.ordersWithoutCart, summary.checkoutsUnanswered]).toEqual([1, 1]);
    expect(new Set(shop.orders.map(({ key }) => key))).toEqual(new Set(['undefined']));
  });
});
