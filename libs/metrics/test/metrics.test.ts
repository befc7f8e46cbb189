import { describe, expect, it } from '@jest/globals';
import { Metrics } from '../src/metrics.ts';

const lines = async (metrics: Metrics, name: string): Promise<string[]> =>
  (await metrics.text()).split('\n').filter((line) => line.startsWith(name));

describe('Metrics', () => {
  it('observes a server request under three names, with the template as route', async () => {
    const metrics = new Metrics('carts');
    const request = { method: 'GET', route: '/carts/{id}', status: 500, scheme: 'http' };
    metrics.observeHttpServer(0.02, { ...request, errorType: '500', legacyRoute: 'carts' });
    expect(await lines(metrics, 'http_server_request_duration_seconds_count')).toEqual([
      'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/carts/{id}",http_response_status_code="500",url_scheme="http",error_type="500"} 1',
    ]);
    expect(await lines(metrics, 'request_duration_seconds_count')).toEqual([
      'request_duration_seconds_count{service="carts",method="GET",status_code="500",route="carts"} 1',
    ]);
    expect(await lines(metrics, 'http_request_duration_seconds_count')).toEqual([
      'http_request_duration_seconds_count{service="carts",method="GET",status_code="500",path="carts"} 1',
    ]);
  });

  it.each([
    [
      'http_server_request_duration_seconds',
      '0.005,0.01,0.025,0.05,0.075,0.1,0.25,0.5,0.75,1,2.5,5,7.5,10,+Inf',
    ],
    [
      'http_client_request_duration_seconds',
      '0.005,0.01,0.025,0.05,0.075,0.1,0.25,0.5,0.75,1,2.5,5,7.5,10,+Inf',
    ],
    ['db_client_operation_duration_seconds', '0.001,0.005,0.01,0.05,0.1,0.5,1,5,10,+Inf'],
  ])('%s has the buckets that OpenTelemetry advises, in seconds', async (name, expected) => {
    const metrics = new Metrics('carts');
    metrics.observeHttpServer(1, {
      method: 'GET',
      route: '/',
      status: 200,
      scheme: 'http',
      errorType: undefined,
      legacyRoute: '/',
    });
    metrics.observeHttpClient(1, {
      method: 'GET',
      address: 'a',
      port: 80,
      status: 200,
      errorType: undefined,
    });
    metrics.observeDb(1, {
      system: 'sqlite',
      namespace: 'n',
      collection: 'c',
      operation: 'SELECT',
      errorType: undefined,
    });
    const buckets = (await lines(metrics, `${name}_bucket`)).map(
      (line) => /le="([^"]+)"/.exec(line)?.[1],
    );
    expect(buckets.join(',')).toBe(expected);
  });

  it('leaves out labels that do not apply', async () => {
    const metrics = new Metrics('carts');
    metrics.observeHttpClient(0.1, {
      method: 'GET',
      address: 'user',
      port: 80,
      status: undefined,
      errorType: 'timeout',
    });
    metrics.observeDb(0.1, {
      system: 'mongodb',
      namespace: 'data',
      collection: undefined,
      operation: 'ping',
      errorType: undefined,
    });
    expect(await lines(metrics, 'http_client_request_duration_seconds_count')).toEqual([
      'http_client_request_duration_seconds_count{http_request_method="GET",server_address="user",server_port="80",error_type="timeout"} 1',
    ]);
    expect(await lines(metrics, 'db_client_operation_duration_seconds_count')).toEqual([
      'db_client_operation_duration_seconds_count{db_system_name="mongodb",db_namespace="data",db_operation_name="ping"} 1',
    ]);
  });

  it('counts what is published and what is processed, each once', async () => {
    const metrics = new Metrics('shipping');
    const message = { system: 'rabbitmq', destination: 'shipping-task', errorType: undefined };
    metrics.observeMessaging(0.1, { ...message, operation: 'publish' });
    metrics.observeMessaging(0.1, { ...message, operation: 'process' });
    metrics.observeMessaging(0.1, { ...message, operation: 'ack' });
    const labels = '{messaging_system="rabbitmq",messaging_destination_name="shipping-task"';
    expect(await lines(metrics, 'messaging_client_sent_messages_total')).toEqual([
      `messaging_client_sent_messages_total${labels}} 1`,
    ]);
    expect(await lines(metrics, 'messaging_client_consumed_messages_total')).toEqual([
      `messaging_client_consumed_messages_total${labels}} 1`,
    ]);
    const operations = async (name: string): Promise<(string | undefined)[]> =>
      (await lines(metrics, `${name}_count`)).map(
        (line) => /messaging_operation_name="(\w+)"/.exec(line)?.[1],
      );
    expect(await operations('messaging_client_operation_duration_seconds')).toEqual([
      'publish',
      'ack',
    ]);
    expect(await operations('messaging_process_duration_seconds')).toEqual(['process']);
  });

  it('measures how long a message was with the broker, where its sender said when it was sent', async () => {
    const metrics = new Metrics('queue-master');
    const message = { system: 'rabbitmq', destination: 'shipping-task', errorType: undefined };
    metrics.observeMessaging(0.1, { ...message, operation: 'process' }, 26);
    metrics.observeMessaging(0.1, { ...message, operation: 'process' });
    const labels = 'messaging_system="rabbitmq",messaging_destination_name="shipping-task"';
    expect(await lines(metrics, 'sockshop_message_wait_duration_seconds_sum')).toEqual([
      `sockshop_message_wait_duration_seconds_sum{${labels}} 26`,
    ]);
    expect(await lines(metrics, 'sockshop_message_wait_duration_seconds_bucket{le="10"')).toEqual([
      `sockshop_message_wait_duration_seconds_bucket{le="10",${labels}} 0`,
    ]);
  });

  it('has counts and figures of the service itself', async () => {
    const metrics = new Metrics('orders');
    metrics.counter('sockshop.order.revenue', 'USD', 'Total of the paid orders').inc({}, 22.99);
    let waiting = 3;
    metrics.gauge('sockshop.order.unfinished', '{order}', 'Unfinished orders', () => waiting);
    expect(await lines(metrics, 'sockshop_order')).toEqual([
      'sockshop_order_revenue_dollars_total 22.99',
      'sockshop_order_unfinished 3',
    ]);
    waiting = 0;
    expect(await lines(metrics, 'sockshop_order_unfinished')).toEqual([
      'sockshop_order_unfinished 0',
    ]);
  });

  it('shows its target, without attributes that change at each start for nothing', async () => {
    const metrics = new Metrics('orders');
    metrics.showTarget({
      'service.name': 'orders',
      'service.version': 'v2',
      'service.instance.id': 'orders-v2-1',
      'process.pid': 17,
    });
    expect(await lines(metrics, 'target_info')).toEqual([
      'target_info{service_name="orders",service_version="v2",service_instance_id="orders-v2-1"} 1',
    ]);
    expect((await metrics.answer('application/openmetrics-text')).text).toContain('target_info{');
  });

  it('shows the figures of the process once in each text', async () => {
    const texts = await Promise.all(['carts', 'orders'].map((name) => new Metrics(name).text()));
    for (const text of texts) {
      expect(text.match(/^# TYPE process_cpu_seconds_total counter$/gm)).toHaveLength(1);
      expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    }
  });
});
