import type { Check } from './check.ts';

const TRACING = 'libs/tracing/test/tracing.test.ts';
const CLIENT_SPANS = 'libs/upstream/test/client-spans.test.ts';
const WITHDRAWN_NAMES = 'tools/trace-checks/test/withdrawn-names.test.ts';
const TRACES = 'e2e/test/traces.test.ts';
const OTLP = 'libs/tracing/test/otlp-exporter.test.ts';
const TRACE_LOSS = 'e2e/test/trace-loss.test.ts';
const CLOCK = 'libs/tracing/test/clock.test.ts';
const ZIPKIN_EXPORTER = 'libs/tracing/test/zipkin-exporter.test.ts';

export const EXPORT_CHECKS: readonly Check[] = [
  {
    number: 35,
    says: 'The resource names service, namespace, version, instance, environment, host, process, container, pod and SDK; an instance id is unique',
    tests: [
      { file: TRACING, title: 'has another instance id every time' },
      { file: TRACING, title: 'says who, where and by what' },
      { file: TRACING, title: 'says which pod it is, and only what the detectors are asked for' },
      { file: TRACING, title: 'takes attributes and the name from the environment' },
    ],
    mutant: {
      find: "{ 'service.instance.id': randomUUID() }",
      replace: "{ 'service.instance.id': randomUUID().slice(0, 0) }",
    },
  },
  {
    number: 36,
    says: 'The other end of a call is `service.peer.name`; `peer.service` is used nowhere',
    tests: [
      {
        file: CLIENT_SPANS,
        title: 'is one CLIENT span with all that is known about it, and no credentials',
      },
      { file: WITHDRAWN_NAMES, title: 'no source of ours uses a withdrawn name of an attribute' },
      {
        file: TRACES,
        title:
          'every span of these journeys has the attributes, name and status of its kind, and no others',
      },
    ],
    mutant: {
      find: "export const SERVICE_PEER_NAME = 'service.peer.name';",
      replace: "export const SERVICE_PEER_NAME = 'peer.service';",
      test: 1,
    },
  },
  {
    number: 37,
    says: 'Each span has a scope with a version, and the schema URL is that of the conventions in use',
    tests: [
      {
        file: 'libs/tracing/test/semconv.test.ts',
        title: 'names the last release that has all our names',
      },
      { file: OTLP, title: 'arrive with resource, scope, schema and all they hold' },
    ],
    mutant: {
      find: "'https://opentelemetry.io/schemas/1.44.0'",
      replace: "'https://opentelemetry.io/schemas/1.43.0'",
    },
  },
  {
    number: 38,
    says: 'SIGTERM under load loses no span; a collector that is slow or gone costs no request, and what is lost is counted',
    tests: [
      {
        file: TRACE_LOSS,
        title:
          'that gets SIGTERM sends every span: of each request that it answered, and of each call that it made',
      },
      {
        file: TRACE_LOSS,
        title:
          'whose collector is killed answers as before, counts every span that is lost, and says so in two lines',
      },
      {
        file: OTLP,
        title: 'are sent again, with back-off, when the collector is overloaded, and none is lost',
      },
      { file: OTLP, title: 'come compressed where that is set, with the headers that are set' },
      { file: OTLP, title: 'are sent at shutdown to the last one' },
      { file: OTLP, title: 'are bounded while it hangs, and do not keep the service from closing' },
    ],
    mutant: {
      find: 'const ended = Promise.allSettled(pipelines.map((each) => each.shutdown()));',
      replace:
        'const ended = Promise.allSettled(pipelines.slice(0, 0).map((each) => each.shutdown()));',
    },
  },
  {
    number: 39,
    says: 'Times are of the wall clock at the start and monotonic from there on: a step of the clock changes no duration and no order',
    tests: [
      {
        file: CLOCK,
        title: 'that is set %s changes no duration and no order, and new traces follow it',
      },
      { file: CLOCK, title: 'is the wall clock, in whole microseconds, and never goes backwards' },
      { file: CLOCK, title: 'keeps children inside their parents, to the microsecond' },
      { file: TRACES, title: 'what a span caused lies within it, but for the work of consumers' },
    ],
    mutant: {
      find: 'const ms = offset + performance.now();',
      replace: 'const ms = offset === 0 ? 0 : Date.now();',
    },
  },
  {
    number: 40,
    says: 'Exporters make no traces of their own calls',
    tests: [
      { file: ZIPKIN_EXPORTER, title: 'carry no trace context and are not traced themselves' },
      { file: TRACES, title: 'every trace begins with a request to the front-end and is complete' },
    ],
    mutant: {
      find: "const headers = { ...this.headers, 'content-length': body.length };",
      replace:
        "const headers = { ...this.headers, traceparent: '-', 'content-length': body.length };",
    },
  },
];
