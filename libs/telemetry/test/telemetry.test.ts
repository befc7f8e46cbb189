import { describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { context, Tracing, tracingConfig, VERSION } from '@sockshop/tracing';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Telemetry } from '../src/telemetry.ts';

describe('Telemetry', () => {
  it('is the tracing of the operations that enter it', async () => {
    const telemetry = await Telemetry.start('carts');
    expect(context.with(telemetry.extract({}), () => Tracing.active())).toBe(telemetry);
    await telemetry.shutdown();
  });

  it('says of each service that it is the shop’s, and of which version', async () => {
    const spans = new InMemorySpanExporter();
    const telemetry = await Telemetry.start('carts', tracingConfig({}), spans);
    telemetry.tracer.startSpan('work').end();
    expect(spans.getFinishedSpans()[0]!.resource.attributes).toMatchObject({
      'service.namespace': 'sock-shop',
      'service.version': VERSION,
    });
    await telemetry.shutdown();
  });

  it('gives its metrics the name that the environment gives the service', async () => {
    const telemetry = await Telemetry.start(
      'carts',
      tracingConfig({ OTEL_SERVICE_NAME: 'baskets' }),
    );
    telemetry.metrics.observeHttpServer(0.02, {
      method: 'GET',
      route: '/carts/{id}',
      status: 200,
      scheme: 'http',
      errorType: undefined,
      legacyRoute: 'carts',
    });
    await telemetry.shutdown();
    expect(telemetry.serviceName).toBe('baskets');
    expect(await telemetry.metrics.text()).toContain('service="baskets"');
  });

  it('shows the release and the instance in its metrics', async () => {
    const named = 'service.version=v2,service.instance.id=orders-v2-1';
    const telemetry = await Telemetry.start(
      'orders',
      tracingConfig({ OTEL_RESOURCE_ATTRIBUTES: named }),
    );
    const labels = 'service_namespace="sock-shop",service_name="orders",service_version="v2"';
    expect(await telemetry.metrics.text()).toContain(
      `target_info{${labels},service_instance_id="orders-v2-1"} 1\n`,
    );
    await telemetry.shutdown();
  });

  it.each([
    [202, 'otel_component_name="zipkin"'],
    [500, 'otel_component_name="zipkin",error_type="export_failed"'],
  ])('counts spans that Zipkin answers with %d', async (status, labels) => {
    const zipkin = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(status).end());
    }).listen(0, '127.0.0.1');
    await once(zipkin, 'listening');
    const { port } = zipkin.address() as AddressInfo; // a TCP server has no other kind of address
    const config = tracingConfig({ ZIPKIN: `http://127.0.0.1:${port}/api/v2/spans` });
    const telemetry = await Telemetry.start('carts', config);
    telemetry.tracer.startSpan('work').end();
    await telemetry.shutdown();
    zipkin.close();
    expect(await telemetry.metrics.text()).toContain(
      `otel_sdk_exporter_span_exported_total{${labels}} 1\n`,
    );
  });
});
