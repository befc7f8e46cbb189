import type { Check } from './check.ts';

const METRICS = 'libs/metrics/test/metrics.test.ts';
const EXEMPLARS = 'libs/metrics/test/exemplars.test.ts';
const TRACES = 'e2e/test/traces.test.ts';
const REQUEST_ENDS = 'libs/service/test/request-ends.test.ts';

export const METRICS_CHECKS: readonly Check[] = [
  {
    number: 48,
    says: "Metrics have the conventions' names, units and buckets",
    tests: [{ file: METRICS, title: '%s has the buckets that OpenTelemetry advises, in seconds' }],
    mutant: { find: 'const DB_BUCKETS = [0.001,', replace: 'const DB_BUCKETS = [0.002,' },
  },
  {
    number: 49,
    says: "The original's metrics are served beside them",
    tests: [
      {
        file: METRICS,
        title: 'observes a server request under three names, with the template as route',
      },
    ],
    mutant: {
      find: 'const legacy = [this.service, method, status, legacyRoute];',
      replace: 'const legacy = [this.service, method, status, route ?? legacyRoute];',
    },
  },
  {
    number: 50,
    says: 'Exemplars of metrics name sampled traces, which exist',
    tests: [
      { file: EXEMPLARS, title: 'name the newest sampled trace of each bucket' },
      { file: EXEMPLARS, title: 'take the active span where none is given' },
      {
        file: TRACES,
        title:
          'twenty exemplars of the metrics lead to a span of their service in a trace that exists',
      },
    ],
    mutant: {
      find: 'const sampled = ids !== undefined && (ids.traceFlags & 1) === 1;',
      replace: 'const sampled = ids !== undefined && (ids.traceFlags & 1) === 0;',
    },
  },
  {
    number: 51,
    says: 'Requests, outcomes and time are the same in spans and metrics',
    tests: [
      {
        file: TRACES,
        title: 'requests, their outcomes and their time are the same in spans and metrics',
      },
      { file: REQUEST_ENDS, title: 'whose caller goes while it is handled and %s' },
    ],
    mutant: {
      find: 'seconds: elapsedMs / 1000,',
      replace: 'seconds: elapsedMs,',
      within: 'traces of the shop in one process',
    },
  },
];
