import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { journeyTraces } from '../src/journey-traces.ts';
import { OwnShop } from '../src/own-shop.ts';

jest.setTimeout(120_000);

describe('a shop of its own', () => {
  const given = process.env['ZIPKIN'];
  let dir: string;
  let shop: OwnShop;
  beforeAll(async () => {
    process.env['ZIPKIN'] = 'http://127.0.0.1:1/api/v2/spans'; // someone's, which this shop must not use
    dir = mkdtempSync(join(tmpdir(), 'sock-shop-measure-'));
    shop = await OwnShop.start({ way: 'embedded', dir, env: { SHIPPING_DURATION_MS: '100' } });
  });
  afterAll(async () => {
    await shop.stop();
    rmSync(dir, { recursive: true });
    if (given === undefined) delete process.env['ZIPKIN'];
    else process.env['ZIPKIN'] = given;
  });

  it('is traced as it is for a person: the traces of a journey are whole', async () => {
    const { catalogue, order } = await journeyTraces(shop);
    expect(catalogue.visits).toEqual({ 'front-end': 1, catalogue: 1 });
    expect([catalogue.calls, catalogue.messages, catalogue.late]).toEqual([1, 0, []]);
    expect(order.visits).toMatchObject({ 'front-end': 3, orders: 2, payment: 1, shipping: 1 });
    expect([order.messages, order.late]).toEqual([2, expect.arrayContaining(['queue-master'])]);
    expect(order.storeCommands).toBeGreaterThan(5);
    expect(order.bytes / order.spans).toBeGreaterThan(200);
  });
});
