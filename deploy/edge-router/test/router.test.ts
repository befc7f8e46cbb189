import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@sockshop/testing';
import { haproxy } from '@sockshop/testing/real-servers';
import { Routed, send } from './routed.ts';

haproxy.suite('the router', () => {
  let shop: Routed;

  beforeEach(async () => {
    shop = await Routed.start();
  });
  afterEach(() => shop.stop());

  describe('shares', () => {
    it('divide requests between versions as they say, whatever the number of instances', async () => {
      await shop.add('orders', 'v1', 'orders');
      await shop.add('orders', 'v2', 'orders-v2-1');
      await shop.add('orders', 'v2', 'orders-v2-2');
      expect(await shop.counts('orders', 100)).toEqual({ orders: 100 });

      await shop.router.setShares('orders', { v1: 90, v2: 10 });
      const { orders = 0, ...others } = await shop.counts('orders', 2000);
      const [one = 0, two = 0] = [others['orders-v2-1'], others['orders-v2-2']];
      expect(orders + one + two).toBe(2000);
      // 10 % of 2,000: five standard deviations of 13.4 on each side.
      expect(Math.abs(one + two - 200)).toBeLessThan(67);
      expect(Math.min(one, two)).toBeGreaterThan(0);

      await shop.router.setShares('orders', { v2: 100 });
      expect(await shop.counts('orders', 100)).not.toHaveProperty('orders');
    });

    it('change under load without a failed request, until the first version is gone', async () => {
      await shop.add('orders', 'v1', 'orders');
      await shop.add('orders', 'v2', 'orders-v2-1');
      let stop = false;
      const failed: number[] = [];
      let calls = 0;
      const callers = Array.from({ length: 10 }, async () => {
        while (!stop) {
          const { status } = await shop.call('orders', { method: 'POST', body: '{}' });
          calls += 1;
          if (status !== 200) failed.push(status);
        }
      });
      for (const share of [10, 25, 50, 75, 100]) {
        await shop.router.setShares('orders', { v1: 100 - share, v2: share });
        const before = calls;
        await until(() => calls > before + 200);
      }
      await shop.router.removeInstance('orders', 'orders');
      const before = calls;
      await until(() => calls > before + 200);
      stop = true;
      await Promise.all(callers);
      expect(failed).toEqual([]);
      expect([...shop.router.state('orders').versions.keys()]).toEqual(['v2']);
    });

    it('of a version whose instances are all out go to the others', async () => {
      await shop.add('orders', 'v1', 'orders');
      const second = await shop.add('orders', 'v2', 'orders-v2-1');
      await shop.router.setShares('orders', { v1: 50, v2: 50 });
      await second.close();
      shop.standIns.delete('orders-v2-1');
      await until(async () => (await stateOf('orders', 'orders-v2-1')) !== 'up');
      expect(await shop.counts('orders', 100)).toEqual({ orders: 100 });
    });

    it('are refused unless they are together 100 and of known versions', async () => {
      await shop.add('orders', 'v1', 'orders');
      await expect(shop.router.setShares('orders', { v1: 90 })).rejects.toThrow('together 100');
      await expect(shop.router.setShares('orders', { v1: 90, v3: 10 })).rejects.toThrow(
        'orders has no version v3; it has: v1.',
      );
      expect(await shop.counts('orders', 10)).toEqual({ orders: 10 });
    });
  });

  describe('an instance', () => {
    it('gets its requests on connections that are kept, also one that joined at run time', async () => {
      await shop.add('orders', 'v1', 'orders');
      await shop.counts('orders', 300);
      const { text } = await send({ port: shop.router.ports.statistics, path: '/metrics' });
      const opened =
        /^haproxy_server_connection_attempts_total\{proxy="orders\.1",server="orders"\} (\d+)$/m;
      expect(Number(opened.exec(text)?.[1])).toBeLessThan(30);
    });

    it('that is drained finishes what it has, and gets nothing new', async () => {
      let release: (() => void) | undefined;
      const slow = new Promise<void>((resolve) => (release = resolve));
      const first = await shop.add('orders', 'v1', 'orders', async () => {
        await slow;
        return { status: 200, body: 'orders' };
      });
      const running = shop.call('orders');
      await until(() => first.received.some(({ path }) => path === '/'));
      await shop.add('orders', 'v1', 'orders-2');
      let drained = false;
      const draining = shop.router.drainInstance('orders', 'orders').then(() => (drained = true));
      await until(async () => (await stateOf('orders', 'orders')) === 'draining');
      expect(await shop.counts('orders', 20)).toEqual({ 'orders-2': 20 });
      expect(drained).toBe(false);
      release?.();
      expect(await running).toMatchObject({ status: 200, text: 'orders' });
      await draining;
      expect(first.received.filter(({ path }) => path === '/')).toHaveLength(1);
    });

    it('that has left may come back under its name', async () => {
      await shop.add('orders', 'v1', 'orders');
      await shop.add('orders', 'v1', 'orders-2');
      await shop.counts('orders', 50);
      await shop.router.removeInstance('orders', 'orders-2');
      expect(await shop.counts('orders', 20)).toEqual({ orders: 20 });
      await shop.add('orders', 'v1', 'orders-2');
      await until(async () => (await shop.counts('orders', 20))['orders-2']);
    });

    it('that refuses connections costs no request while another one serves', async () => {
      await shop.add('orders', 'v1', 'orders');
      const second = await shop.add('orders', 'v1', 'orders-2');
      await second.close();
      shop.standIns.delete('orders-2');
      expect(await shop.counts('orders', 100, { method: 'POST' })).toEqual({ orders: 100 });
    });

    it('that fails five times in a row is out, and comes back after its checks', async () => {
      let failing = true;
      const failed = await shop.add('orders', 'v1', 'orders', () =>
        failing ? { status: 500 } : { status: 200, body: 'orders' },
      );
      await shop.add('orders', 'v1', 'orders-2');
      const counts = await shop.counts('orders', 60);
      expect(counts['500']).toBeGreaterThanOrEqual(5);
      expect(counts['500']).toBeLessThan(5 + 10); // ten callers at once
      expect(await stateOf('orders', 'orders')).toBe('ejected');
      expect(failed.received.filter(({ path }) => path === '/')).toHaveLength(counts['500'] ?? 0);
      failing = false;
      await until(async () => (await shop.counts('orders', 20))['orders']);
    });

    it('that is out by its failures costs no request while the other one has gone', async () => {
      await shop.add('orders', 'v1', 'orders', ({ path }) => ({
        status: path === '/bad' ? 500 : 200,
        body: 'orders',
      }));
      const second = await shop.add('orders', 'v1', 'orders-2');
      await second.close();
      shop.standIns.delete('orders-2');
      await until(async () => (await stateOf('orders', 'orders-2')) !== 'up');
      for (let call = 0; call < 5; call++) await shop.call('orders', { path: '/bad' });
      expect(await stateOf('orders', 'orders')).toBe('ejected');
      expect(await shop.counts('orders', 50, { method: 'POST' })).toEqual({ orders: 50 });
    });

    it('that is the only one is never out by its failures', async () => {
      await shop.add('orders', 'v1', 'orders', ({ path }) => ({
        status: path === '/bad' ? 503 : 200,
        body: 'orders',
      }));
      await shop.counts('orders', 30, { path: '/bad' });
      expect(await shop.counts('orders', 30)).toEqual({ orders: 30 });
    });

    it('that hangs costs its callers their patience, and is out', async () => {
      const hanging = await shop.add('orders', 'v1', 'orders', () => () => undefined);
      await shop.add('orders', 'v1', 'orders-2');
      const headers = { 'x-envoy-expected-rq-timeout-ms': '520' };
      const counts = await shop.counts('orders', 100, { headers, method: 'POST' });
      expect(counts['504']).toBe(hanging.received.filter(({ path }) => path === '/').length);
      expect(counts['504']).toBeLessThan(5 + 10);
      expect(await stateOf('orders', 'orders')).toBe('ejected');
    });
  });

  it('sends the requests of a variant to its version, by cookie or by header, and no others', async () => {
    await shop.add('front-end', 'v1', 'front-end');
    await shop.add('front-end', 'v2', 'front-end-v2-1');
    const by = (headers: Record<string, string>) =>
      shop.counts('front-end', 50, { port: shop.router.ports.edge, headers });
    await shop.router.setVariant('front-end', { version: 'v2', cookie: 'variant=b' });
    expect(await by({ cookie: 'md.sid=x; variant=b; logged_in=y' })).toEqual({
      'front-end-v2-1': 50,
    });
    expect(await by({ cookie: 'variant=b' })).toEqual({ 'front-end-v2-1': 50 });
    expect(await by({ cookie: 'variant=bb; myvariant=b' })).toEqual({ 'front-end': 50 });
    expect(await by({ 'x-cookie': 'variant=b' })).toEqual({ 'front-end': 50 });
    await shop.router.setVariant('front-end', { version: 'v2', header: 'X-Variant=b' });
    expect(await by({ cookie: 'variant=b' })).toEqual({ 'front-end': 50 });
    expect(await by({ 'x-variant': 'b' })).toEqual({ 'front-end-v2-1': 50 });
    await shop.router.setVariant('front-end', undefined);
    expect(await by({ 'x-variant': 'b' })).toEqual({ 'front-end': 50 });
  });

  it('counts requests, answers and failures of each instance', async () => {
    await shop.add('orders', 'v1', 'orders', (_received, earlier) => ({
      status: earlier % 2 === 0 ? 200 : 404,
    }));
    await shop.counts('orders', 20);
    const [orders] = await shop.router.figures();
    expect(orders).toMatchObject({
      service: 'orders',
      versions: [
        {
          version: 'v1',
          share: 100,
          instances: [{ name: 'orders', state: 'up', requests: 20, failures: 0, current: 0 }],
        },
      ],
    });
    const { '2xx': fine = 0, '4xx': unknown = 0 } =
      orders?.versions[0]?.instances[0]?.answers ?? {};
    expect(fine + unknown).toBe(20);
  });

  it('is back with all that was set when it was killed', async () => {
    await shop.add('orders', 'v1', 'orders');
    await shop.add('orders', 'v2', 'orders-v2-1');
    await shop.router.setShares('orders', { v2: 100 });
    await shop.router.setVariant('orders', { version: 'v1', header: 'x-old=1' });
    await shop.router.setLimit('orders', 1000);
    const { pid } = shop;
    process.kill(pid, 'SIGKILL');
    await until(() => shop.pid !== pid && shop.pid > 0);
    await until(async () => (await shop.call('orders')).status === 200);
    expect(await shop.counts('orders', 20)).toEqual({ 'orders-v2-1': 20 });
    expect(await shop.counts('orders', 5, { headers: { 'x-old': '1' } })).toEqual({ orders: 5 });
    await shop.router.removeInstance('orders', 'orders');
    await shop.add('orders', 'v1', 'orders-2');
  });

  it('has each change that was made while it was being started again', async () => {
    await shop.add('orders', 'v1', 'orders');
    await shop.add('orders', 'v2', 'orders-v2-1');
    const changes = [
      () => shop.router.setShares('orders', { v2: 100 }),
      () => shop.add('orders', 'v2', 'orders-v2-2'),
      () => shop.router.setVariant('orders', { version: 'v1', header: 'x-old=1' }),
      () => shop.router.setVariant('orders', undefined),
      () => shop.router.removeInstance('orders', 'orders'),
      () => shop.router.removeInstance('orders', 'orders-v2-1'),
    ];
    for (const change of changes) {
      process.kill(await until(() => shop.pid), 'SIGKILL');
      await change();
    }
    await until(async () => (await shop.call('orders')).status === 200);
    const headers = { 'x-old': '1' };
    expect(await shop.counts('orders', 20, { headers })).toEqual({ 'orders-v2-2': 20 });
    expect([...shop.router.state('orders').versions.keys()]).toEqual(['v2']);
  });

  async function stateOf(service: string, instance: string): Promise<string | undefined> {
    const figures = await shop.router.figures();
    return figures
      .find((each) => each.service === service)
      ?.versions.flatMap(({ instances }) => instances)
      .find(({ name }) => name === instance)?.state;
  }
});
