import type { Check } from './check.ts';

const ZIPKIN_ENCODER = 'libs/tracing/test/zipkin-encoder.test.ts';
const ZIPKIN_SERVER = 'libs/tracing/test/zipkin-server.test.ts';
const TRACES = 'e2e/test/traces.test.ts';
const ZIPKIN_EXPORTER = 'libs/tracing/test/zipkin-exporter.test.ts';
const JOINED_SPANS = 'libs/tracing/test/joined-spans.test.ts';
const ZIPKIN_JOIN = 'libs/tracing/test/zipkin-join.test.ts';
const MESSAGE_BUS = 'libs/messaging/test/message-bus.test.ts';
const ZIPKIN_MESSAGES = 'libs/tracing/test/zipkin-messages.test.ts';
const B3 = 'libs/tracing/test/b3.test.ts';

export const ZIPKIN_CHECKS: readonly Check[] = [
  {
    number: 41,
    says: 'A span has the form of Zipkin v2: hex ids, whole microseconds of at least one, a name in lower case, tags of text',
    tests: [
      { file: ZIPKIN_ENCODER, title: 'never lasts less than a microsecond: until %j' },
      { file: ZIPKIN_ENCODER, title: 'writes a SERVER span' },
      { file: ZIPKIN_ENCODER, title: 'writes kind %s as %s' },
      { file: ZIPKIN_ENCODER, title: 'writes every tag as text' },
      {
        file: ZIPKIN_SERVER,
        title:
          'tells the trace back as it was sent, and draws the edges to services, broker and database',
      },
      {
        file: TRACES,
        title:
          'every span of these journeys has the attributes, name and status of its kind, and no others',
      },
    ],
    mutant: { find: 'Math.max(1, Math.round(', replace: 'Math.max(0, Math.round(' },
  },
  {
    number: 42,
    says: 'All spans of a service have the same local name, with address and port',
    tests: [
      { file: ZIPKIN_EXPORTER, title: 'name the address where the service listens' },
      { file: ZIPKIN_ENCODER, title: 'writes a SERVER span' },
    ],
    mutant: {
      find: 'toZipkin(span, own ? address : {},',
      replace: 'toZipkin(span, own ? {} : address,',
    },
  },
  {
    number: 43,
    says: 'Spans that call a database or broker, and those at both ends of a queue, name the remote end; Zipkin draws exactly the declared edges with their counts',
    tests: [
      {
        file: ZIPKIN_SERVER,
        title:
          'tells the trace back as it was sent, and draws the edges to services, broker and database',
      },
      { file: ZIPKIN_ENCODER, title: 'names %s as the remote end' },
      {
        file: TRACES,
        title:
          'the service map has the declared edges, each with as many calls as its server counted and no error',
      },
    ],
    mutant: {
      find: 'if (name !== undefined) where.serviceName = name.toLowerCase();',
      replace:
        'if (name !== undefined && kind === SpanKind.CLIENT) where.serviceName = name.toLowerCase();',
    },
  },
  {
    number: 44,
    says: 'The tag `error` is there if and only if the status is ERROR',
    tests: [
      { file: ZIPKIN_ENCODER, title: 'has an error tag if and only if the status is ERROR: %s' },
      {
        file: TRACES,
        title:
          'every span of these journeys has the attributes, name and status of its kind, and no others',
      },
    ],
    mutant: {
      find: "result['error'] = span.status.message ?? '';",
      replace: "if (span.status.message) result['error'] = span.status.message;",
    },
  },
  {
    number: 45,
    says: 'A span claims to share the id of its caller only in join mode; the debug mark is that of the trace',
    tests: [
      { file: ZIPKIN_ENCODER, title: 'marks spans of a debug trace only' },
      { file: JOINED_SPANS, title: 'a SERVER span joins the span of a caller that sends %s' },
      { file: JOINED_SPANS, title: 'no SERVER span joins its caller by default' },
      { file: ZIPKIN_JOIN, title: 'are exact for servers %s' },
      { file: ZIPKIN_EXPORTER, title: 'carry the debug mark in every span of a B3 debug trace' },
    ],
    mutant: {
      find: 'if (debug) encoded.debug = true;',
      replace: 'if (!debug) encoded.debug = true;',
    },
  },
  {
    number: 46,
    says: 'Zipkin has no links: the CONSUMER span is a child of the PRODUCER span as well, and other links are tags',
    tests: [
      {
        file: MESSAGE_BUS,
        title: 'traces a message from its sender through the broker to its consumer',
      },
      {
        file: ZIPKIN_ENCODER,
        title: 'writes links as the tags of the Collector, but none to the parent',
      },
      { file: ZIPKIN_MESSAGES, title: 'with consumers in mode %s' },
    ],
    mutant: {
      find: "return { operation: 'process', destination, options, parent, waitedMs: waited };",
      replace:
        "return { operation: 'process', destination, options, parent: this.traces.extract({}), waitedMs: waited };",
    },
  },
  {
    number: 47,
    says: 'Clients with 64-bit ids join traces of 128 bits',
    tests: [{ file: B3, title: 'pads a 64-bit trace the same way at every hop' }],
    mutant: {
      find: "const padded = traceId.padStart(32, '0')",
      replace: "const padded = traceId.padEnd(32, '0')",
    },
  },
];
