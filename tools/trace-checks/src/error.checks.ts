import type { Check } from './check.ts';

const SPANS = 'libs/tracing/test/spans.test.ts';
const EXCEPTION_SIGNAL = 'libs/tracing/test/exception-signal.test.ts';
const TRACES = 'e2e/test/traces.test.ts';
const TRACE_FIELDS = 'libs/telemetry/test/trace-fields.test.ts';
const JSON_LOG = 'libs/service/test/json-log.test.ts';
const FLAG_EVALUATIONS = 'libs/tracing/test/flag-evaluations.test.ts';
const RECORDING_SPAN = 'libs/tracing/test/recording-span.test.ts';
const ZIPKIN_ENCODER = 'libs/tracing/test/zipkin-encoder.test.ts';

export const ERROR_CHECKS: readonly Check[] = [
  {
    number: 21,
    says: 'An exception is recorded once, where it leaves the work; one that is handled marks nothing outside',
    tests: [
      {
        file: SPANS,
        title: 'marks every span that an error leaves, and records the exception once, innermost',
      },
      { file: SPANS, title: 'leaves the outer span alone when the error is handled inside it' },
    ],
    mutant: {
      find: 'for (const each of causesOf(error)) recorded.add(each);',
      replace: 'for (const each of causesOf(error)) recorded.delete(each);',
    },
  },
  {
    number: 22,
    says: 'Exceptions are events, log records or both, as OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN says',
    tests: [
      {
        file: EXCEPTION_SIGNAL,
        title:
          'with OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN=%s is recorded once in each of its signals',
      },
      { file: EXCEPTION_SIGNAL, title: 'stays an event where log records go nowhere' },
    ],
    mutant: {
      find: "if (exceptions === 'events') return;",
      replace: "if (exceptions !== 'logs') return;",
    },
  },
  {
    number: 23,
    says: 'Status OK is never set, and a later success does not hide an earlier error',
    tests: [
      { file: SPANS, title: 'keeps an earlier error when the work succeeds later' },
      {
        file: TRACES,
        title:
          'every span of these journeys has the attributes, name and status of its kind, and no others',
      },
    ],
    mutant: {
      find: ['  } finally {', '    span.end();', '  }', '}', '', '/** Marks the span'].join('\n'),
      replace: [
        '  } finally {',
        '    span.setStatus({ code: SpanStatusCode.OK }).end();',
        '  }',
        '}',
        '',
        '/** Marks the span',
      ].join('\n'),
    },
  },
  {
    number: 24,
    says: 'Log lines of a request have its trace and span id and flags in lower-case hex, and others have none',
    tests: [
      { file: TRACE_FIELDS, title: 'are the ids of the active span, in lower case' },
      { file: TRACE_FIELDS, title: 'are absent outside of a span' },
      { file: JSON_LOG, title: 'carries the ids of the active span, and none outside of a span' },
      {
        file: TRACES,
        title: 'each log line with the id of a span belongs to that span of its service',
      },
    ],
    mutant: {
      find: "span.traceFlags.toString(16).padStart(2, '0')",
      replace: 'span.traceFlags.toString(16)',
    },
  },
  {
    number: 25,
    says: 'The evaluation of a feature flag is an event with key, variant, value and provider, on the span that it changed',
    tests: [
      {
        file: FLAG_EVALUATIONS,
        title: 'is an event of the active span, with key, variant, value and provider',
      },
      {
        file: FLAG_EVALUATIONS,
        title: 'is a log record with the ids of the active span where log records are exported',
      },
    ],
    mutant: {
      find: "...(variant !== undefined && { 'feature_flag.result.variant': variant }),",
      replace: "...(variant !== undefined && { 'feature_flag.variant': variant }),",
    },
  },
  {
    number: 26,
    says: 'A span keeps 128 attributes, events and links, and counts those that it dropped; the counts are exported',
    tests: [
      {
        file: RECORDING_SPAN,
        title: 'keeps to the limits that are set, also to 0, and counts what it drops',
      },
      { file: SPANS, title: 'keeps 128 attributes and counts the others as dropped' },
      { file: RECORDING_SPAN, title: 'has %s, as the SDK has it' },
      { file: ZIPKIN_ENCODER, title: 'counts what was dropped' },
    ],
    mutant: { find: 'this.droppedEventsCount += 1;', replace: 'this.droppedEventsCount += 2;' },
  },
];
