import { describe, expect, it } from '@jest/globals';
import { tracingConfig } from '../src/tracing-config.ts';

type Env = Record<string, string>;

describe('tracingConfig', () => {
  it('traces with the defaults when nothing is set', () => {
    expect(tracingConfig({})).toEqual({
      enabled: true,
      serviceName: undefined,
      resourceAttributes: {},
      zipkinUrl: undefined,
      otlpUrl: undefined,
      otlpTimeoutMs: 30_000,
      propagators: ['tracecontext', 'baggage', 'b3multi'],
      sampler: { name: 'parentbased_always_on', ratio: 1 },
      joinsSpans: false,
      joinsAgent: true,
      batch: {
        maxQueueSize: 2048,
        maxExportBatchSize: 512,
        scheduledDelayMillis: 1000,
        exportTimeoutMillis: 30_000,
      },
    });
  });

  it('takes empty variables for absent ones', () => {
    const names = [
      ...['OTEL_SDK_DISABLED', 'OTEL_SERVICE_NAME', 'OTEL_RESOURCE_ATTRIBUTES', 'OTEL_PROPAGATORS'],
      ...['OTEL_TRACES_EXPORTER', 'OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG', 'ZIPKIN'],
      ...['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'ZIPKIN_HOST'],
      ...['OTEL_EXPORTER_ZIPKIN_ENDPOINT', 'OTEL_BSP_MAX_QUEUE_SIZE', 'OTEL_BSP_SCHEDULE_DELAY'],
    ];
    expect(tracingConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(
      tracingConfig({}),
    );
  });

  it('reads every variable', () => {
    expect(
      tracingConfig({
        OTEL_SDK_DISABLED: 'TRUE',
        OTEL_SERVICE_NAME: 'cart-service',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=demo, team=Z%C3%BCrich,junk',
        OTEL_EXPORTER_ZIPKIN_ENDPOINT: 'http://zipkin.example:9412/api/v2/spans',
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.example:4318/',
        OTEL_PROPAGATORS: 'b3, tracecontext',
        OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.25',
        ZIPKIN_SUPPORTS_JOIN: 'TRUE',
        OTEL_BSP_MAX_QUEUE_SIZE: '10',
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '5',
        OTEL_BSP_SCHEDULE_DELAY: '20',
        OTEL_BSP_EXPORT_TIMEOUT: '30',
      }),
    ).toEqual({
      enabled: false,
      serviceName: 'cart-service',
      resourceAttributes: { 'deployment.environment.name': 'demo', team: 'Zürich' },
      zipkinUrl: 'http://zipkin.example:9412/api/v2/spans',
      otlpUrl: 'http://collector.example:4318/v1/traces',
      otlpTimeoutMs: 30,
      propagators: ['b3', 'tracecontext'],
      sampler: { name: 'parentbased_traceidratio', ratio: 0.25 },
      joinsSpans: true,
      joinsAgent: true,
      batch: {
        maxQueueSize: 10,
        maxExportBatchSize: 5,
        scheduledDelayMillis: 20,
        exportTimeoutMillis: 30,
      },
    });
  });

  it.each<[Env, boolean]>([
    [{ ZIPKIN_SUPPORTS_JOIN: 'true' }, true],
    [{ SPRING_SLEUTH_SUPPORTS_JOIN: 'true' }, true],
    [{ JAVA_OPTS: '-Xmx64m -Dspring.sleuth.supports-join=true' }, true],
    [{ JAVA_OPTS: '-Dspring.sleuth.supports-join=false' }, false],
    [{ JAVA_OPTS: '-Dspring.sleuth.supports-join=true', ZIPKIN_SUPPORTS_JOIN: 'false' }, false],
    [{ ZIPKIN_SUPPORTS_JOIN: 'what?' }, false],
  ])('joins spans of %j: %s', (env, expected) => {
    expect(tracingConfig(env).joinsSpans).toBe(expected);
  });

  it.each<[Env, string | undefined]>([
    [{ ZIPKIN: 'zipkin' }, 'http://zipkin:9411/api/v2/spans'],
    [{ ZIPKIN: 'zipkin:9412' }, 'http://zipkin:9412/api/v2/spans'],
    [{ ZIPKIN: 'http://zipkin:9411' }, 'http://zipkin:9411/api/v2/spans'],
    [{ ZIPKIN: 'http://zipkin:9411/' }, 'http://zipkin:9411/api/v2/spans'],
    [{ ZIPKIN: 'http://zipkin:9411/api/v1/spans' }, 'http://zipkin:9411/api/v2/spans'],
    [{ ZIPKIN: 'http://zipkin:9411/api/v2/spans' }, 'http://zipkin:9411/api/v2/spans'],
    [{ ZIPKIN: 'https://zipkin.example/own/path' }, 'https://zipkin.example/own/path'],
    [{ ZIPKIN_HOST: 'zipkin' }, 'http://zipkin:9411/api/v2/spans'],
    [{ ZIPKIN: 'one', ZIPKIN_HOST: 'two' }, 'http://one:9411/api/v2/spans'],
    [{ ZIPKIN: 'one', OTEL_EXPORTER_ZIPKIN_ENDPOINT: 'http://two:1/x' }, 'http://two:1/x'],
    [{ ZIPKIN: 'zipkin', ZIPKIN_ENABLED: 'false' }, undefined],
    [{ ZIPKIN: 'zipkin', ZIPKIN_ENABLED: 'true' }, 'http://zipkin:9411/api/v2/spans'],
    [{ ZIPKIN: 'zipkin', JAVA_OPTS: '-Xmx64m -Dspring.zipkin.enabled=false' }, undefined],
    [
      { ZIPKIN: 'zipkin', JAVA_OPTS: '-Dspring.zipkin.enabled=true' },
      'http://zipkin:9411/api/v2/spans',
    ],
    [{ ZIPKIN: 'zipkin', OTEL_TRACES_EXPORTER: 'otlp' }, undefined],
    [{ ZIPKIN: 'zipkin', OTEL_TRACES_EXPORTER: 'none' }, undefined],
    [{ ZIPKIN: 'zipkin', OTEL_TRACES_EXPORTER: 'otlp, zipkin' }, 'http://zipkin:9411/api/v2/spans'],
  ])('sends Zipkin spans for %j to %s', (env, expected) => {
    expect(tracingConfig(env).zipkinUrl).toBe(expected);
  });

  it.each<[Env, string | undefined]>([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, 'http://c:4318/v1/traces'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c.example/otlp/' },
      'https://c.example/otlp/v1/traces',
    ],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:4318/own' }, 'http://c:4318/own'],
    [
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:1',
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b:2/x',
      },
      'http://b:2/x',
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_TRACES_EXPORTER: 'zipkin' }, undefined],
  ])('sends OTLP spans for %j to %s', (env, expected) => {
    expect(tracingConfig(env).otlpUrl).toBe(expected);
  });

  it.each<[string, string]>([
    ['OTEL_EXPORTER_ZIPKIN_ENDPOINT', 'http://'],
    ['ZIPKIN', 'http://a b'],
    ['ZIPKIN', 'tcp://10.0.0.1:9411'],
    ['ZIPKIN_HOST', 'no host'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'nonsense'],
    ['OTEL_TRACES_EXPORTER', 'jaeger'],
    ['OTEL_PROPAGATORS', 'tracecontext,jaeger'],
    ['OTEL_TRACES_SAMPLER', 'sometimes'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['OTEL_TRACES_SAMPLER_ARG', 'half'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '0'],
    ['OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 'many'],
    ['OTEL_BSP_SCHEDULE_DELAY', '1.5'],
    ['OTEL_BSP_EXPORT_TIMEOUT', '-1'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', 'soon'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'team=%zz'],
  ])('refuses %s=%s and names the variable', (name, value) => {
    expect(() => tracingConfig({ [name]: value })).toThrow(new RegExp(`^${name}: `));
  });
});
