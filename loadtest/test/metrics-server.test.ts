import { afterEach, describe, expect, it } from '@jest/globals';
import { MetricsServer } from '../src/metrics-server.ts';
import { Tally } from '../src/tally.ts';
import { aResult } from './documents.ts';

describe('/metrics', () => {
  const tally = new Tally();
  const metrics = new MetricsServer(tally);
  afterEach(() => metrics.close());

  it('has requests and visits as histograms, and what else is counted', async () => {
    const url = await metrics.listen({ host: '127.0.0.1', port: 0 });
    tally.record(aResult({ ms: 30 }));
    tally.record(aResult({ ms: 70, status: '503', outcome: 'error' }));
    tally.visited('buy', 100, true);
    tally.arrived();
    tally.dropped();
    tally.inShop(1);
    await fetch(url); // a second answer counts nothing twice
    const response = await fetch(url);
    const lines = (await response.text()).split('\n');
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(lines).toEqual(
      expect.arrayContaining([
        'loadtest_request_duration_seconds_count{journey="buy",route="GET /",status="200",outcome="ok"} 1',
        'loadtest_request_duration_seconds_bucket{le="0.1",journey="buy",route="GET /",status="503",outcome="error"} 1',
        'loadtest_visit_duration_seconds_sum{journey="buy",done="true"} 0.1',
        'loadtest_arrivals_total 1',
        'loadtest_arrivals_dropped_total 1',
        'loadtest_shoppers 1',
        'loadtest_orders_placed_total 0',
      ]),
    );
    expect((await fetch(url.replace('/metrics', '/other'))).status).toBe(404);
  });

  it('says in one line that the port is taken', async () => {
    const url = await metrics.listen({ host: '127.0.0.1', port: 0 });
    const second = new MetricsServer(new Tally()).listen({
      host: '127.0.0.1',
      port: Number(new URL(url).port),
    });
    await expect(second).rejects.toThrow(/^\/metrics cannot be served: .*EADDRINUSE/);
  });
});
