import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StandIn, until } from '@sockshop/testing';
import { exportSpans } from '../src/export-spans.ts';
import { runShoppers } from '../src/load-test.ts';
import { Tally } from '../src/tally.ts';
import { Shop } from './shop.ts';
import { someOptions } from './shoppers.ts';

jest.setTimeout(60_000); // for a busy machine

interface ZipkinSpan {
  readonly traceId: string;
  readonly id: string;
  readonly parentId?: string;
  readonly name: string;
  readonly kind?: string;
  readonly localEndpoint: { readonly serviceName: string };
  readonly tags: Record<string, string>;
}

describe('the spans of visits', () => {
  let zipkin: StandIn;
  let shop: Shop;
  beforeEach(async () => {
    zipkin = await StandIn.start(() => ({ status: 202 }));
    shop = new Shop();
    await shop.start();
  });
  afterEach(async () => {
    await shop.stop();
    await zipkin.close();
  });

  async function visit(done: () => boolean): Promise<ZipkinSpan[]> {
    const stop = new AbortController();
    const tracing = await exportSpans(new URL(shop.url), zipkin.url, {});
    const options = someOptions(shop, '--shoppers', '1', '--shared-user');
    const running = runShoppers(options, new Tally(), stop.signal, new AbortController().signal, {
      spans: tracing!.spans,
    });
    await until(done);
    stop.abort();
    await running;
    await tracing!.end();
    return zipkin.items<ZipkinSpan>();
  }

  it('are roots of traces, marked as synthetic, with a span below for each request', async () => {
    const spans = await visit(() => shop.orders.length >= 2);
    const [root, ...others] = spans.filter(({ parentId }) => parentId === undefined);
    expect(root).toMatchObject({
      name: 'original',
      localEndpoint: { serviceName: 'load-generator' },
      tags: {
        'sockshop.journey': 'original',
        synthetic: 'true',
        'user_agent.synthetic.type': 'test',
      },
    });
    expect(others.length).toBeGreaterThan(0);
    const requests = spans.filter(({ parentId }) => parentId === root!.id);
    expect(requests).toHaveLength(9);
    expect(requests.at(-1)).toMatchObject({
      traceId: root!.traceId,
      kind: 'CLIENT',
      name: 'post /orders',
      tags: {
        'http.request.method': 'POST',
        'url.template': '/orders',
        'url.full': `${shop.url}/orders`,
        'http.response.status_code': '201',
        'user_agent.synthetic.type': 'test',
      },
    });
  });

  it('reach the shop in the headers of each request, with baggage', async () => {
    const spans = await visit(() => shop.orders.length >= 1);
    const sent = shop.headersOf('POST /orders')!;
    const [, traceId, spanId] = /^00-(\w{32})-(\w{16})-01$/.exec(String(sent['traceparent'])) ?? [];
    expect(spans.find(({ id }) => id === spanId)).toMatchObject({ traceId, name: 'post /orders' });
    expect(sent['baggage']).toBe('synthetic=true,user_agent.synthetic.type=test');
  });

  it('say which request failed', async () => {
    shop.refuseCheckouts(1);
    const spans = await visit(() => shop.orders.length >= 1);
    expect(spans.find(({ tags }) => tags['error.type'] !== undefined)).toMatchObject({
      name: 'post /orders',
      tags: { 'error.type': '503', 'http.response.status_code': '503' },
    });
  });

  it('are made only where something says where they go', async () => {
    expect(await exportSpans(new URL(shop.url), undefined, {})).toBeUndefined();
    const off = { OTEL_EXPORTER_OTLP_ENDPOINT: zipkin.url, OTEL_TRACES_EXPORTER: 'none' };
    expect(await exportSpans(new URL(shop.url), undefined, off)).toBeUndefined();
    const wrong = exportSpans(new URL(shop.url), 'ftp://zipkin', {});
    await expect(wrong).rejects.toThrow('OTEL_EXPORTER_ZIPKIN_ENDPOINT: not an HTTP URL');
  });
});
