import { NO_LIMIT_MS } from '../src/environment.ts';
import { SIGNALS } from '../src/otlp-config.ts';
import type { TracingConfig } from '../src/tracing-config.ts';

/** A variable: what its values make of a part of the configuration. */
export interface SettingCase {
  readonly variable: string;
  readonly pick: (config: TracingConfig) => unknown;
  readonly otherwise: unknown;
  readonly values: readonly (readonly [value: string, expected: unknown])[];
  /** Values that are ignored with one warning. */
  readonly wrong: readonly string[];
  /** Other variables that it needs to have an effect. */
  readonly beside?: Readonly<Record<string, string>>;
}

const UNPARSABLE = ['many', '1.5', '-1', '1e3', '0x10', '9999999999'];

function whole(
  variable: string,
  otherwise: number,
  pick: SettingCase['pick'],
  zero: number | null = 0,
): SettingCase {
  const values = [['7', 7] as const, ...(zero === null ? [] : [['0', zero] as const])];
  const wrong = zero === null ? [...UNPARSABLE, '0'] : UNPARSABLE;
  return { variable, pick, otherwise, values, wrong };
}

/** The last one is asked for: an end point for all signals of which this one is exported. */
const EXPORTED = {
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318',
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_LOGS_EXPORTER: 'otlp',
};

/** This file is there, and is read as a certificate. */
const FILE = import.meta.filename;

const otlpCases = (prefix: string, signals: readonly (typeof SIGNALS)[number][]): SettingCase[] => {
  const of = (pick: (otlp: TracingConfig['traces']['otlp']) => unknown) => {
    return (config: TracingConfig): unknown => signals.map((signal) => pick(config[signal].otlp));
  };
  const each = (expected: unknown): unknown => signals.map(() => expected);
  const sets = (value: string, expected: unknown = value) => [value, each(expected)] as const;
  const beside = EXPORTED;
  const pem = (key: 'ca' | 'key' | 'cert') => of((otlp) => otlp?.tls[key]?.includes('as a certif'));
  const both = (name: string) => ({ ...beside, [`${prefix}_${name}`]: FILE });
  const file = { values: [sets(FILE, true)], otherwise: each(undefined), wrong: ['/no/such/file'] };
  const own = prefix !== 'OTEL_EXPORTER_OTLP';
  return [
    {
      variable: `${prefix}_ENDPOINT`,
      pick: of((otlp) => otlp?.url),
      otherwise: signals.map((signal) => `http://localhost:4318/v1/${signal}`),
      values: [
        own
          ? sets('https://d.example/own')
          : ['https://d.example/x/', signals.map((signal) => `https://d.example/x/v1/${signal}`)],
      ],
      wrong: ['collector:4318', 'nonsense', 'http://'],
      beside: { ...EXPORTED, OTEL_EXPORTER_OTLP_ENDPOINT: '' },
    },
    {
      variable: `${prefix}_PROTOCOL`,
      pick: of((otlp) => otlp?.protocol),
      otherwise: each('http/protobuf'),
      values: [
        sets('grpc'),
        sets('http/json'),
        sets('HTTP/JSON', 'http/json'),
        sets('gRPC', 'grpc'),
      ],
      wrong: ['http', 'thrift'],
      beside,
    },
    {
      variable: `${prefix}_HEADERS`,
      pick: of((otlp) => otlp?.headers),
      otherwise: each({}),
      values: [sets('api-key=s%3D1, x = y', { 'api-key': 's=1', x: 'y' })],
      wrong: ['api-key', 'a=%zz', '=b'],
      beside,
    },
    {
      variable: `${prefix}_TIMEOUT`,
      pick: of((otlp) => otlp?.timeoutMs),
      otherwise: each(30_000),
      values: [sets('10', 10), sets('0', NO_LIMIT_MS)],
      wrong: UNPARSABLE,
      beside,
    },
    {
      variable: `${prefix}_COMPRESSION`,
      pick: of((otlp) => otlp?.gzip),
      otherwise: each(false),
      values: [sets('gzip', true), sets('GZIP', true), sets('none', false)],
      wrong: ['zstd'],
      beside,
    },
    {
      variable: `${prefix}_INSECURE`,
      pick: of((otlp) => otlp?.url),
      otherwise: each('https://c:4317'),
      values: [sets('true', 'http://c:4317'), sets('True', 'http://c:4317')],
      wrong: ['1', 'yes'],
      beside: {
        ...EXPORTED,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
        OTEL_EXPORTER_OTLP_ENDPOINT: 'c:4317',
      },
    },
    { variable: `${prefix}_CERTIFICATE`, pick: pem('ca'), beside, ...file },
    {
      variable: `${prefix}_CLIENT_KEY`,
      pick: pem('key'),
      ...file,
      beside: both('CLIENT_CERTIFICATE'),
    },
    {
      variable: `${prefix}_CLIENT_CERTIFICATE`,
      pick: pem('cert'),
      ...file,
      beside: both('CLIENT_KEY'),
    },
  ];
};

const batchCases = (kind: 'BSP' | 'BLRP', of: (c: TracingConfig) => TracingConfig['batch']) => [
  whole(`OTEL_${kind}_SCHEDULE_DELAY`, 1000, (c) => of(c).scheduledDelayMillis),
  whole(`OTEL_${kind}_EXPORT_TIMEOUT`, 30_000, (c) => of(c).exportTimeoutMillis, NO_LIMIT_MS),
  whole(`OTEL_${kind}_MAX_QUEUE_SIZE`, 2048, (c) => of(c).maxQueueSize, null),
  whole(`OTEL_${kind}_MAX_EXPORT_BATCH_SIZE`, 512, (c) => of(c).maxExportBatchSize, null),
];

/** Variables that are known and have no effect: each value is a warning. */
const unused = (variable: string, value: string): SettingCase => ({
  variable,
  pick: ({ warnings: _warnings, ...config }) => config.traces,
  otherwise: { otlp: undefined, console: false },
  values: [],
  wrong: [value],
});

const zipkin = (c: TracingConfig): unknown => c.zipkinUrl;
const NAMED = { ZIPKIN: 'zipkin' };
const SPANS = 'http://zipkin:9411/api/v2/spans';
const off = (variable: string): SettingCase => ({
  variable,
  pick: zipkin,
  otherwise: SPANS,
  values: [
    ['false', undefined],
    ['FALSE', undefined],
    ['True', SPANS],
  ],
  wrong: ['no', '0'],
  beside: NAMED,
});
const place = (variable: string): SettingCase => ({
  variable,
  pick: zipkin,
  otherwise: undefined,
  values: [
    ['http://zipkin:9411', SPANS],
    ['zipkin', SPANS],
    ['zipkin:9412', 'http://zipkin:9412/api/v2/spans'],
    ['http://zipkin:9411/api/v1/spans', SPANS],
    ['https://zipkin.example/own/path', 'https://zipkin.example/own/path'],
  ],
  wrong: ['tcp://10.0.0.1:9411', 'http://a b'],
});

const exporterCase = (signal: 'metrics' | 'logs'): SettingCase => ({
  variable: `OTEL_${signal.toUpperCase()}_EXPORTER`,
  pick: (c) => [c[signal].otlp?.url, c[signal].console],
  otherwise: [undefined, false],
  values: [
    ['otlp', [`http://localhost:4318/v1/${signal}`, false]],
    ['Console', [undefined, true]],
    ['otlp,logging', [`http://localhost:4318/v1/${signal}`, true]],
    ['none', [undefined, false]],
  ],
  wrong: ['zipkin', 'carbon'],
});

export const SETTING_CASES: readonly SettingCase[] = [
  {
    variable: 'OTEL_SDK_DISABLED',
    pick: (c) => c.enabled,
    otherwise: true,
    values: [
      ['true', false],
      ['TRUE', false],
      ['False', true],
    ],
    wrong: ['1', 'yes'],
  },
  {
    variable: 'TRACING_BESIDE_AGENT',
    pick: (c) => c.joinsAgent,
    otherwise: true,
    values: [
      ['off', false],
      ['OFF', false],
      ['join', true],
    ],
    wrong: ['false', 'no'],
  },
  {
    variable: 'OTEL_SERVICE_NAME',
    pick: (c) => c.serviceName,
    otherwise: 'other',
    values: [['cart-service', 'cart-service']],
    wrong: [],
    beside: { OTEL_RESOURCE_ATTRIBUTES: 'service.name=other' },
  },
  {
    variable: 'OTEL_RESOURCE_ATTRIBUTES',
    pick: (c) => c.resourceAttributes,
    otherwise: {},
    values: [
      [
        'deployment.environment.name=demo, team=Z%C3%BCrich,',
        { 'deployment.environment.name': 'demo', team: 'Zürich' },
      ],
    ],
    wrong: ['team=%zz', 'team', 'a=b,junk'],
  },
  {
    variable: 'OTEL_NODE_RESOURCE_DETECTORS',
    pick: (c) => c.resourceDetectors,
    otherwise: ['container', 'env', 'host', 'k8s', 'os', 'process', 'serviceinstance'],
    values: [
      ['none', []],
      ['Host,os', ['host', 'os']],
      ['all', ['container', 'env', 'host', 'k8s', 'os', 'process', 'serviceinstance']],
    ],
    wrong: ['gcp'],
  },
  ...Object.entries({
    K8S_CLUSTER_NAME: 'k8s.cluster.name',
    K8S_NAMESPACE_NAME: 'k8s.namespace.name',
    POD_NAMESPACE: 'k8s.namespace.name',
    K8S_NODE_NAME: 'k8s.node.name',
    NODE_NAME: 'k8s.node.name',
    K8S_DEPLOYMENT_NAME: 'k8s.deployment.name',
    K8S_POD_NAME: 'k8s.pod.name',
    POD_NAME: 'k8s.pod.name',
    K8S_POD_UID: 'k8s.pod.uid',
    POD_UID: 'k8s.pod.uid',
    K8S_CONTAINER_NAME: 'k8s.container.name',
  }).map(([variable, attribute]) => ({
    variable,
    pick: (c: TracingConfig) => c.kubernetes,
    otherwise: {},
    values: [['one', { [attribute]: 'one' }] as const],
    wrong: [],
  })),
  {
    variable: 'OTEL_TRACES_EXPORTER',
    pick: (c) => [c.traces.otlp?.url, c.zipkinUrl, c.traces.console],
    otherwise: ['http://c:4318/v1/traces', SPANS, false],
    values: [
      ['otlp', ['http://c:4318/v1/traces', undefined, false]],
      ['ZIPKIN', [undefined, SPANS, false]],
      ['zipkin, otlp', ['http://c:4318/v1/traces', SPANS, false]],
      ['console', [undefined, undefined, true]],
      ['logging', [undefined, undefined, true]],
      ['none', [undefined, undefined, false]],
    ],
    wrong: ['jaeger'],
    beside: { ...NAMED, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' },
  },
  exporterCase('metrics'),
  exporterCase('logs'),
  {
    variable: 'OTEL_PROPAGATORS',
    pick: (c) => c.propagators,
    otherwise: ['tracecontext', 'baggage', 'b3multi'],
    values: [
      ['B3, tracecontext,b3', ['b3', 'tracecontext']],
      ['none', ['none']],
    ],
    wrong: ['jaeger', 'xray', 'ottrace'],
  },
  {
    variable: 'OTEL_TRACES_SAMPLER',
    pick: (c) => c.sampler.name,
    otherwise: 'parentbased_always_on',
    values: [
      ['always_on', 'always_on'],
      ['Always_Off', 'always_off'],
      ['traceidratio', 'traceidratio'],
      ['parentbased_always_off', 'parentbased_always_off'],
      ['ParentBased_TraceIdRatio', 'parentbased_traceidratio'],
    ],
    wrong: ['sometimes', 'jaeger_remote', 'parentbased_jaeger_remote', 'xray'],
  },
  {
    variable: 'OTEL_TRACES_SAMPLER_ARG',
    pick: (c) => c.sampler.ratio,
    otherwise: 1,
    values: [
      ['0.25', 0.25],
      ['0', 0],
      ['1', 1],
    ],
    wrong: ['1.5', 'half', '-0.1'],
    beside: { OTEL_TRACES_SAMPLER: 'traceidratio' },
  },
  ...batchCases('BSP', (c) => c.batch),
  ...batchCases('BLRP', (c) => c.logs.batch),
  whole('OTEL_ATTRIBUTE_COUNT_LIMIT', 128, (c) => c.limits.attributes),
  whole('OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 128, (c) => c.limits.attributes),
  whole('OTEL_SPAN_EVENT_COUNT_LIMIT', 128, (c) => c.limits.events),
  whole('OTEL_SPAN_LINK_COUNT_LIMIT', 128, (c) => c.limits.links),
  whole('OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT', 128, (c) => c.limits.eventAttributes),
  whole('OTEL_LINK_ATTRIBUTE_COUNT_LIMIT', 128, (c) => c.limits.linkAttributes),
  whole('OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT', Infinity, (c) => c.limits.valueLength),
  whole('OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT', Infinity, (c) => c.limits.valueLength),
  whole('OTEL_METRIC_EXPORT_INTERVAL', 60_000, (c) => c.metrics.intervalMs, null),
  whole('OTEL_METRIC_EXPORT_TIMEOUT', 30_000, (c) => c.metrics.timeoutMs, NO_LIMIT_MS),
  {
    variable: 'OTEL_METRICS_EXEMPLAR_FILTER',
    pick: (c) => c.metrics.exemplars,
    otherwise: 'trace_based',
    values: [
      ['Always_On', 'always_on'],
      ['always_off', 'always_off'],
    ],
    wrong: ['all'],
  },
  {
    variable: 'TRACING_MVC_TAGS',
    pick: (c) => c.mvcTags,
    otherwise: false,
    values: [['True', true]],
    wrong: ['yes'],
  },
  {
    variable: 'OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN',
    pick: (c) => c.exceptions,
    otherwise: 'events',
    values: [
      ['logs', 'logs'],
      ['LOGS/DUP', 'logs/dup'],
    ],
    wrong: ['spans'],
  },
  {
    variable: 'OTEL_LOG_LEVEL',
    pick: (c) => c.diagnostics,
    otherwise: undefined,
    values: [
      ['DEBUG', 'debug'],
      ['none', undefined],
    ],
    wrong: ['loud'],
  },
  ...otlpCases('OTEL_EXPORTER_OTLP', SIGNALS),
  ...SIGNALS.flatMap((signal) => otlpCases(`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}`, [signal])),
  unused('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', 'delta'),
  unused(
    'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
    'base2_exponential_bucket_histogram',
  ),
  unused('OTEL_EXPORTER_PROMETHEUS_HOST', '0.0.0.0'),
  unused('OTEL_EXPORTER_PROMETHEUS_PORT', '9464'),
  unused('OTEL_CONFIG_FILE', '/etc/otel.yaml'),
  unused('OTEL_SEMCONV_STABILITY_OPT_IN', 'http/dup'),
  place('OTEL_EXPORTER_ZIPKIN_ENDPOINT'),
  {
    ...whole('OTEL_EXPORTER_ZIPKIN_TIMEOUT', 30_000, (c) => c.zipkinTimeoutMs, NO_LIMIT_MS),
  },
  place('ZIPKIN'),
  place('ZIPKIN_HOST'),
  place('SPRING_ZIPKIN_BASE_URL'),
  place('SPRING_ZIPKIN_BASEURL'),
  off('ZIPKIN_ENABLED'),
  off('SPRING_ZIPKIN_ENABLED'),
  {
    variable: 'SPRING_SLEUTH_SAMPLER_PROBABILITY',
    pick: (c) => c.sampler,
    otherwise: { name: 'parentbased_always_on', ratio: 1 },
    values: [['0.1', { name: 'parentbased_traceidratio', ratio: 0.1 }]],
    wrong: ['10%', '2'],
  },
  ...['ZIPKIN_SUPPORTS_JOIN', 'SPRING_SLEUTH_SUPPORTS_JOIN'].map((variable) => ({
    variable,
    pick: (c: TracingConfig) => c.joinsSpans,
    otherwise: false,
    values: [['TRUE', true] as const, ['false', false] as const],
    wrong: ['1'],
  })),
  ...['BAGGAGE_TAG_FIELDS', 'SPRING_SLEUTH_BAGGAGE_TAG_FIELDS'].map((variable) => ({
    variable,
    pick: (c: TracingConfig) => c.baggageTags,
    otherwise: ['user-name', 'session.id'],
    values: [['tenant, a.b', ['tenant', 'a.b']] as const, ['none', []] as const],
    wrong: ['a b', 'a=b'],
  })),
  ...['BAGGAGE_LOG_FIELDS', 'SPRING_SLEUTH_BAGGAGE_CORRELATION_FIELDS'].map((variable) => ({
    variable,
    pick: (c: TracingConfig) => c.baggageLogFields,
    otherwise: ['user-name'],
    values: [['tenant, a.b', ['tenant', 'a.b']] as const, ['NONE', []] as const],
    wrong: ['a b', 'a=b'],
  })),
  {
    variable: 'CONSUMER_TRACE',
    pick: (c) => c.consumerTrace,
    otherwise: 'parent',
    values: [
      ['LINKS', 'links'],
      ['parent', 'parent'],
    ],
    wrong: ['both'],
  },
  {
    variable: 'JAVA_OPTS',
    pick: (c) => [c.zipkinUrl, c.sampler.ratio, c.joinsSpans],
    otherwise: [SPANS, 1, false],
    values: [
      ['-Xmx64m -Dspring.zipkin.enabled=false', [undefined, 1, false]],
      ['-Dspring.zipkin.enabled=FALSE', [undefined, 1, false]],
      ['-Dspring.zipkin.enabled=false -Dspring.zipkin.enabled=true', [SPANS, 1, false]],
      ['-Dspring.sleuth.sampler.probability=0.1 -Xms64m', [SPANS, 0.1, false]],
      ['-Dspring.sleuth.supports-join=true', [SPANS, 1, true]],
      ['-Dspring.zipkin.baseUrl=http://other:9411/', [SPANS, 1, false]],
    ],
    wrong: [
      '-Dspring.zipkin.enabled=no',
      '-Dspring.sleuth.supports-join=yes',
      '-Dspring.sleuth.sampler.probability=often',
      '-Dspring.zipkin.baseUrl=tcp://x',
    ],
    beside: NAMED,
  },
];
