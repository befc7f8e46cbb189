import { describe, expect, it } from '@jest/globals';
import { forSeveralServices, tracingConfig } from '../src/tracing-config.ts';
import { SETTING_CASES } from './setting-cases.ts';

describe('tracingConfig', () => {
  describe.each(SETTING_CASES)(
    '$variable',
    ({ variable, pick, otherwise, values, wrong, beside }) => {
      it(`understands ${variable}`, () => {
        const read = (value: string | undefined) => tracingConfig({ ...beside, [variable]: value });
        for (const unset of [undefined, '', ' ']) {
          expect(pick(read(unset))).toEqual(otherwise);
          expect(read(unset).warnings.filter((one) => one.variable === variable)).toEqual([]);
        }
        for (const [value, expected] of values) {
          expect([value, pick(read(value))]).toEqual([value, expected]);
          expect(read(value).warnings).toEqual([]);
        }
        for (const value of wrong) {
          expect([value, pick(read(value))]).toEqual([value, otherwise]);
          const named = read(value).warnings.filter((one) => one.variable === variable);
          expect([value, named.length]).toEqual([value, 1]);
        }
      });
    },
  );

  it('traces with the defaults when nothing is set, and has nothing to say', () => {
    expect(tracingConfig({})).toMatchObject({
      enabled: true,
      traces: { otlp: undefined, console: false },
      metrics: { otlp: undefined, console: false },
      logs: { otlp: undefined, console: false },
      zipkinUrl: undefined,
      warnings: [],
    });
  });

  it('keeps what it knows of a list, and warns of the rest', () => {
    const { propagators, warnings } = tracingConfig({ OTEL_PROPAGATORS: 'jaeger,b3,xray' });
    expect([propagators, warnings.length]).toEqual([['b3'], 2]);
  });

  it('exports nothing where none stands beside others, and warns', () => {
    const { traces, zipkinUrl, warnings } = tracingConfig({
      OTEL_TRACES_EXPORTER: 'none,zipkin',
      ZIPKIN: 'zipkin',
    });
    expect([traces.otlp, zipkinUrl, warnings.length]).toEqual([undefined, undefined, 1]);
  });

  it.each([
    ['zipkin', 'http://localhost:9411/api/v2/spans', undefined],
    ['otlp', undefined, 'http://localhost:4318/v1/traces'],
  ])('sends to the usual local %s where it is named without an address', (name, zipkin, otlp) => {
    const { zipkinUrl, traces } = tracingConfig({ OTEL_TRACES_EXPORTER: name });
    expect([zipkinUrl, traces.otlp?.url]).toEqual([zipkin, otlp]);
  });

  it('takes the variable of a signal before the one of all', () => {
    const { traces, metrics } = tracingConfig({
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:1',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b:2/x',
    });
    expect([traces.otlp?.protocol, traces.otlp?.url]).toEqual(['http/json', 'http://b:2/x']);
    expect([metrics.otlp?.protocol, metrics.otlp?.url]).toEqual(['grpc', 'http://a:1']);
  });

  it('uses no certificate of a client without its key, and warns', () => {
    const { traces, warnings } = tracingConfig({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c:4318',
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: import.meta.filename,
    });
    expect(traces.otlp?.tls).toEqual({});
    expect(warnings.map(({ variable }) => variable)).toEqual([
      'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE',
    ]);
  });

  it('sends no batch that is larger than the queue', () => {
    const small = tracingConfig({ OTEL_BSP_MAX_QUEUE_SIZE: '100' });
    expect([small.batch.maxExportBatchSize, small.warnings]).toEqual([100, []]);
    const wrong = tracingConfig({
      OTEL_BSP_MAX_QUEUE_SIZE: '100',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '200',
    });
    expect([wrong.batch.maxExportBatchSize, wrong.warnings.length]).toEqual([100, 1]);
  });

  it('has special limits before the general ones', () => {
    const { limits } = tracingConfig({
      OTEL_ATTRIBUTE_COUNT_LIMIT: '5',
      OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: '6',
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '0',
    });
    expect(limits).toMatchObject({ attributes: 5, eventAttributes: 5, linkAttributes: 6 });
    expect(limits.valueLength).toBe(0);
  });

  it.each([
    { OTEL_SERVICE_NAME: 'shop' },
    { OTEL_RESOURCE_ATTRIBUTES: 'service.name=shop,team=socks' },
  ])('leaves several services of a process their names: %j', (env) => {
    const { serviceName, resourceAttributes, warnings } = forSeveralServices(tracingConfig(env));
    expect([serviceName, resourceAttributes['service.name']]).toEqual([undefined, undefined]);
    expect(warnings).toHaveLength(1);
  });
});
