import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@sockshop/testing';
import { haproxy } from '@sockshop/testing/real-servers';
import { setTimeout as pause } from 'node:timers/promises';
import { Routed } from './routed.ts';

haproxy.suite('what the router refuses', () => {
  let shop: Routed;

  beforeEach(async () => {
    shop = await Routed.start();
  });
  afterEach(() => shop.stop());

  describe('a limit', () => {
    it('lets each client have so many requests a second, and answers 429 to the others', async () => {
      await shop.add('front-end', 'v1', 'front-end');
      await shop.router.setLimit('front-end', 20);
      const port = shop.router.ports.edge;
      const started = performance.now();
      const one = await shop.counts('front-end', 100, { port });
      const seconds = (performance.now() - started) / 1000;
      expect(one['front-end']).toBeGreaterThanOrEqual(20);
      expect(one['front-end']).toBeLessThanOrEqual(Math.ceil(20 * (seconds + 1)));
      expect((one['front-end'] ?? 0) + (one['429'] ?? 0)).toBe(100);

      const headers = { 'x-forwarded-for': '192.0.2.7' };
      expect(await shop.counts('front-end', 20, { port, headers })).toEqual({ 'front-end': 20 });
      const refused = await until(
        () => shop.call('front-end', { port, headers }),
        ({ status }) => status === 429,
      );
      expect(refused.headers).toMatchObject({
        'retry-after': '1',
        'content-type': 'application/problem+json',
      });
      await shop.router.setLimit('front-end', undefined);
      expect(await shop.counts('front-end', 50, { port })).toEqual({ 'front-end': 50 });
    });

    it('still serves a client that keeps asking for more', async () => {
      await shop.add('orders', 'v1', 'orders');
      await shop.router.setLimit('orders', 20);
      const started = performance.now();
      const counts = { served: 0, refused: 0 };
      while (counts.served < 60) {
        const { status } = await shop.call('orders');
        counts[status === 200 ? 'served' : 'refused'] += 1;
      }
      const seconds = (performance.now() - started) / 1000;
      expect(counts.served).toBeLessThanOrEqual(20 * (seconds + 1) + 1);
    });
  });

  describe('a circuit', () => {
    it('opens after failures in a row, refuses for a while, and closes with a success', async () => {
      let failing = true;
      const instance = await shop.add('orders', 'v1', 'orders', () =>
        failing ? { status: 503 } : { status: 200, body: 'orders' },
      );
      await shop.router.setBreaker('orders', { errors: 3, holdSeconds: 4 });
      const served = () => instance.received.filter(({ path }) => path === '/').length;
      for (let call = 0; call < 6; call++) expect((await shop.call('orders')).status).toBe(503);
      expect(served()).toBe(3);
      const open = await shop.call('orders');
      expect(open.text).toContain('circuit');
      expect(open.headers['retry-after']).toBe('1');
      await until(async () => {
        await shop.call('orders');
        return served() > 3;
      }); // one trial, which fails
      expect((await shop.call('orders')).text).toContain('circuit');
      failing = false;
      await until(async () => (await shop.call('orders')).status === 200);
      expect(await shop.counts('orders', 30)).toEqual({ orders: 30 });
      await shop.router.setBreaker('orders', undefined);
    });

    it('lets one request at a time try whether the service is back', async () => {
      let failing = true;
      const instance = await shop.add('orders', 'v1', 'orders', () => ({
        status: failing ? 500 : 200,
        body: 'orders',
      }));
      await shop.router.setBreaker('orders', { errors: 1, holdSeconds: 1 });
      const served = () => instance.received.filter(({ path }) => path === '/').length;
      expect((await shop.call('orders')).status).toBe(500);
      const started = performance.now();
      while (served() < 4) await shop.counts('orders', 20); // ten at a time, at the hold's end, too
      const holds = (performance.now() - started) / 1000;
      expect(served()).toBeLessThanOrEqual(1 + 2 * (holds + 1)); // HAProxy's threads may each send one
      failing = false;
      await until(async () => (await shop.call('orders')).status === 200);
      expect(await shop.counts('orders', 40)).toEqual({ orders: 40 });
    });

    it('stays closed where a success comes between failures', async () => {
      await shop.add('orders', 'v1', 'orders', (_received, earlier) => ({
        status: earlier % 3 === 0 ? 200 : 500,
        body: 'orders',
      }));
      await shop.router.setBreaker('orders', { errors: 3 });
      for (let call = 0; call < 30; call++) expect((await shop.call('orders')).text).toBe('orders');
    });

    it('lets no more requests in at the same time than it is set to', async () => {
      const held: (() => void)[] = [];
      await shop.add('orders', 'v1', 'orders', async () => {
        await new Promise<void>((release) => held.push(release));
        return { status: 200, body: 'orders' };
      });
      await shop.router.setBreaker('orders', { requests: 2 });
      const two = [shop.call('orders'), shop.call('orders')];
      await until(() => held.length === 2);
      const third = await shop.call('orders');
      expect(third.status).toBe(503);
      expect(third.text).toContain('as many requests as it may have');
      for (const release of held) release();
      expect((await Promise.all(two)).map(({ status }) => status)).toEqual([200, 200]);
    });
  });

  it('ends a call whose caller leaves', async () => {
    let aborted = false;
    const instance = await shop.add('orders', 'v1', 'orders', () => (response) => {
      response.once('close', () => (aborted = true));
    });
    const leaving = new AbortController();
    const call = shop.call('orders', { method: 'POST', body: '{}', signal: leaving.signal });
    await until(() => instance.received.some(({ path }) => path === '/'));
    await pause(0);
    leaving.abort();
    await expect(call).rejects.toThrow();
    await until(() => aborted);
  });
});
