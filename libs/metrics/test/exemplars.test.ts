import { describe, expect, it } from '@jest/globals';
import type { ExemplarFilter, SpanIds } from '../src/exemplars.ts';
import { Metrics } from '../src/metrics.ts';
import { prefersOpenMetrics } from '../src/open-metrics.ts';

const span = (digit: string, traceFlags = 1): SpanIds => ({
  traceId: digit.repeat(32),
  spanId: digit.repeat(16),
  traceFlags,
});
const REQUEST = {
  method: 'GET',
  route: '/carts/{id}',
  status: 200,
  scheme: 'http',
  errorType: undefined,
  legacyRoute: 'carts',
};

/** What a client that takes OpenMetrics gets. */
const openMetrics = async (metrics: Metrics): Promise<string> =>
  (await metrics.answer('application/openmetrics-text')).text;

/** The lines of the OpenMetrics text that have an example, without the moment. */
async function exemplars(metrics: Metrics, name: string): Promise<string[]> {
  const lines = (await openMetrics(metrics)).split('\n');
  return lines
    .filter((line) => line.startsWith(name) && line.includes(' # '))
    .map((line) => line.replace(/ [\d.]+$/, ''));
}

describe('exemplars', () => {
  it('name the newest sampled trace of each bucket', async () => {
    const metrics = new Metrics('carts');
    metrics.observeHttpServer(0.002, REQUEST, span('a'));
    metrics.observeHttpServer(0.003, REQUEST, span('b'));
    metrics.observeHttpServer(0.3, REQUEST, span('c'));
    metrics.observeHttpServer(0.4, REQUEST, span('d', 0)); // not sampled
    metrics.observeHttpServer(99, REQUEST, span('e'));
    const labels =
      'http_request_method="GET",http_route="/carts/{id}",http_response_status_code="200",url_scheme="http"';
    const line = (le: string, count: number, digit: string, value: number) =>
      `http_server_request_duration_seconds_bucket{${labels},le="${le}"} ${count} # {trace_id="${digit.repeat(32)}",span_id="${digit.repeat(16)}"} ${value}`;
    expect(await exemplars(metrics, 'http_server_request_duration_seconds')).toEqual([
      line('0.005', 2, 'b', 0.003),
      line('0.5', 4, 'c', 0.3),
      line('+Inf', 5, 'e', 99),
    ]);
    expect(await exemplars(metrics, 'request_duration_seconds')).toHaveLength(3);
  });

  it('take the active span where none is given', async () => {
    const metrics = new Metrics('carts', () => span('a'));
    const of = { system: 'mongodb', namespace: 'data', collection: 'cart', operation: 'find' };
    metrics.observeDb(0.2, { ...of, errorType: undefined });
    const [line] = await exemplars(metrics, 'db_client_operation_duration_seconds');
    expect(line).toContain('le="0.5"} 1 # {trace_id="aaaa');
  });

  it.each<[ExemplarFilter, number, number]>([
    ['trace_based', 1, 0],
    ['always_on', 1, 1],
    ['always_off', 0, 0],
  ])('with OTEL_METRICS_EXEMPLAR_FILTER=%s', async (filter, sampled, unsampled) => {
    const taken = async (flags: number): Promise<number> => {
      const metrics = new Metrics('carts', () => undefined, filter);
      metrics.observeHttpServer(0.1, REQUEST, span('a', flags));
      return (await exemplars(metrics, 'http_server_request_duration_seconds')).length;
    };
    expect([await taken(1), await taken(0)]).toEqual([sampled, unsampled]);
  });
});

describe('the text of OpenMetrics', () => {
  it('has each family once, counters by their names without _total, and an end', async () => {
    const metrics = new Metrics('carts');
    metrics.countExported('zipkin', 3, undefined);
    const text = await openMetrics(metrics);
    const families = [...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name]) => name!);
    expect(new Set(families).size).toBe(families.length);
    expect(text).toContain('# TYPE otel_sdk_exporter_span_exported counter\n');
    expect(text).toContain(
      'otel_sdk_exporter_span_exported_total{otel_component_name="zipkin"} 3\n',
    );
    expect(text.match(/^# EOF$/gm)).toHaveLength(1);
    expect(text.endsWith('\n# EOF\n')).toBe(true);
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(
        /^(# (HELP|TYPE) \w+ .+|# EOF|\w+(\{.*\})? (NaN|[+-]?(Inf|[\d.e+-]+))( # .*)?)$/,
      );
    }
  });

  it('leaves the names of the other text as they are', async () => {
    const metrics = new Metrics('carts');
    metrics.countExported('zipkin', 3, undefined);
    await openMetrics(metrics);
    expect(await metrics.text()).toContain('# TYPE otel_sdk_exporter_span_exported_total counter');
  });

  it.each([
    ['', false],
    ['*/*', false],
    ['text/plain', false],
    ['application/openmetrics-text', true],
    [
      'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1',
      true,
    ],
    ['text/plain;q=0.9,application/openmetrics-text;q=0.1', false],
    ['application/openmetrics-text;q=0', false],
  ])('is preferred by %j: %s', (accept, expected) => {
    expect(prefersOpenMetrics(accept)).toBe(expected);
  });
});

describe('a metric with too many series', () => {
  it('has 2000 of them, of which the last is for all others', async () => {
    const metrics = new Metrics('carts');
    for (let index = 0; index < 3000; index += 1) {
      metrics.observeHttpServer(0.1, { ...REQUEST, route: `/made-up/${index}` });
      metrics.observeMessaging(0.1, {
        system: 'rabbitmq',
        operation: 'publish',
        destination: `made-up-${index}`,
        errorType: undefined,
      });
    }
    for (const name of ['http.server.request.duration', 'messaging.client.sent.messages']) {
      const metric = (await metrics.points()).find((each) => each.name === name);
      expect(metric?.points).toHaveLength(2000);
      const overflow = metric?.points.filter(
        ({ attributes }) => attributes['otel.metric.overflow'] === 'true',
      );
      expect(overflow).toHaveLength(1);
    }
    expect(await metrics.text()).toContain(
      'http_server_request_duration_seconds_count{otel_metric_overflow="true"} 1001\n',
    );
    expect(await metrics.text()).toContain(
      'messaging_client_sent_messages_total{otel_metric_overflow="true"} 1001\n',
    );
  });
});

describe('figures of Node', () => {
  it.each([
    ['nodejs.eventloop.delay.p99', 's', 'gauge', 'nodejs_eventloop_delay_p99_seconds'],
    ['nodejs.eventloop.delay.max', 's', 'gauge', 'nodejs_eventloop_delay_max_seconds'],
    ['nodejs.eventloop.utilization', '1', 'gauge', 'nodejs_eventloop_utilization_ratio'],
    ['nodejs.eventloop.time', 's', 'sum', 'nodejs_eventloop_time_seconds_total'],
    ['v8js.memory.heap.used', 'By', 'gauge', 'v8js_memory_heap_used_bytes'],
    ['v8js.memory.heap.limit', 'By', 'gauge', 'v8js_memory_heap_limit_bytes'],
  ])(
    'have the name of the conventions, %s, its unit and kind, and %s',
    async (name, unit, kind, prometheus) => {
      const metrics = new Metrics('carts');
      const metric = (await metrics.points()).find((each) => each.name === name);
      expect([metric?.unit, metric?.kind, (metric?.points.length ?? 0) > 0]).toEqual([
        unit,
        kind,
        true,
      ]);
      expect(await metrics.text()).toMatch(new RegExp(`^${prometheus}(\\{| )`, 'm'));
    },
  );
});
