import type { Check } from './check.ts';

const W3C = 'libs/tracing/test/w3c.test.ts';
const FRONT_END_PROCESS = 'e2e/test/propagation.test.ts';
const B3 = 'libs/tracing/test/b3.test.ts';
const PROPAGATION = 'libs/tracing/test/propagation.test.ts';
const CLIENT_SPANS = 'libs/upstream/test/client-spans.test.ts';
const BAGGAGE = 'libs/tracing/test/baggage.test.ts';
const FRONT_END_BAGGAGE = 'services/front-end/test/baggage.test.ts';
const QUEUE_MASTER = 'services/queue-master/test/queue-master.test.ts';
const TRACE_EDGE = 'services/front-end/test/trace-edge.test.ts';
const SAMPLING = 'libs/tracing/test/sampling.test.ts';
const SAMPLED_TENTH = 'e2e/test/sampled-tenth.test.ts';
const TRACES = 'e2e/test/traces.test.ts';
const BROWSER_SPANS = 'services/front-end/test/browser-spans.test.ts';
const TRACE_DRAWER = 'e2e/test/trace-drawer.test.ts';

export const PROPAGATION_CHECKS: readonly Check[] = [
  {
    number: 27,
    says: '`traceparent` is read as W3C says, of later versions too; what is wrong begins a new trace; `tracestate` and the random flag are kept',
    tests: [
      { file: W3C, title: 'starts a new trace for a repeated header' },
      { file: W3C, title: 'starts a new, sampled trace for %s' },
      { file: W3C, title: 'continues a trace of %s' },
      { file: W3C, title: 'passes on %s unchanged' },
      { file: FRONT_END_PROCESS, title: '%s continues with its trace context' },
    ],
    mutant: {
      find: 'return value.length === 1 ? value[0] : undefined;',
      replace: 'return value[0];',
    },
  },
  {
    number: 28,
    says: 'B3 is read from one header or several, in every form; debug and deny are obeyed; our own span id and no parent id are sent',
    tests: [
      { file: B3, title: 'reads the single header with %s' },
      { file: B3, title: 'reads the multiple headers with %s' },
      { file: B3, title: 'takes %s for no caller' },
      { file: B3, title: 'reads the multiple headers beside a single header %s' },
      { file: B3, title: 'passes on decision %s in the single header' },
      {
        file: B3,
        title: 'never reuses the span id of the caller and never sends a parent span id',
      },
      { file: PROPAGATION, title: 'of %s writes these headers' },
    ],
    mutant: {
      find: ["case 'd':", "      return 'debug';"].join('\n'),
      replace: ["case 'd':", "      return 'accept';"].join('\n'),
    },
  },
  {
    number: 29,
    says: 'A valid `traceparent` wins over B3; both are written',
    tests: [
      { file: PROPAGATION, title: 'are settled for B3 with %s' },
      { file: PROPAGATION, title: 'writes W3C and B3 of the same span when unset' },
      { file: PROPAGATION, title: 'beside a traceparent and %s' },
    ],
    mutant: {
      find: 'addB3(w3c, carrier, getter, this.joins)',
      replace: 'addB3(extractB3(w3c, carrier, getter), carrier, getter, this.joins)',
    },
  },
  {
    number: 30,
    says: 'The context is passed on without an exporter, with tracing off and for unsampled traces',
    tests: [
      { file: PROPAGATION, title: 'unchanged with the SDK disabled' },
      { file: PROPAGATION, title: 'for an unsampled trace, of which nothing is exported' },
      { file: CLIENT_SPANS, title: 'passes the context on with the SDK disabled' },
      { file: FRONT_END_PROCESS, title: '%s continues with its trace context' },
    ],
    mutant: {
      find: "if (this.written.has('baggage')) this.baggage.inject",
      replace: "if (this.written.has('none')) this.baggage.inject",
    },
  },
  {
    number: 31,
    says: 'Baggage is read and passed on within its limits, over HTTP and the queue; a list says what becomes attributes',
    tests: [
      { file: BAGGAGE, title: 'of %s passed on' },
      { file: BAGGAGE, title: '%s crosses HTTP and a queue as it came' },
      { file: BAGGAGE, title: 'that is not well-formed is not passed on, and the trace goes on' },
      { file: BAGGAGE, title: 'becomes the attributes that BAGGAGE_TAG_FIELDS names' },
      {
        file: FRONT_END_BAGGAGE,
        title:
          'has the pseudonym of a customer, which the SERVER span shows and log lines, not a name of the caller',
      },
      {
        file: QUEUE_MASTER,
        title:
          'shows the user name of the baggage in its log lines and on its span, and passes it on',
      },
    ],
    mutant: {
      find: 'if (bytes > MOST_BYTES || kept.length === MOST_MEMBERS) break;',
      replace: 'if (bytes > MOST_BYTES || kept.length > MOST_MEMBERS) break;',
    },
  },
  {
    number: 32,
    says: 'Synthetic traffic is marked, by its user agent or its baggage',
    tests: [
      { file: TRACE_EDGE, title: 'is marked by its user agent: %s' },
      { file: TRACE_EDGE, title: 'is marked by its baggage, which goes on to the other services' },
    ],
    mutant: {
      find: "if (TEST.test(userAgent)) return 'test';",
      replace: "if (TEST.test(userAgent)) return 'bot';",
    },
  },
  {
    number: 33,
    says: 'One decision holds for a trace in all services and over the queue; a ratio is kept within binomial bounds',
    tests: [
      { file: SAMPLING, title: 'keeps a tenth of 10,000 new traces, whole' },
      {
        file: SAMPLED_TENTH,
        title: 'of 10,000 requests a tenth is sampled: each in all services or in none',
      },
      {
        file: TRACES,
        title:
          'an unsampled order sends no span, and its trace id still reaches the other end of the queue',
      },
    ],
    mutant: {
      find: "name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root",
      replace: "name.startsWith('parentbased_t') ? new ParentBasedSampler({ root }) : root",
    },
  },
  {
    number: 34,
    says: 'The load of a page and its calls are one trace with the browser; pages of a named origin may send trace context and spans',
    tests: [
      {
        file: TRACE_EDGE,
        title: 'has a parent that the browser records later, by the id in server-timing',
      },
      {
        file: TRACE_EDGE,
        title: 'lets the pages of an origin send trace context and spans, and read the trace id',
      },
      {
        file: TRACE_EDGE,
        title: 'has no origin by default: no page of another origin gets a header or sends spans',
      },
      {
        file: BROWSER_SPANS,
        title:
          'answers 200 and sends them on as the storefront’s, with the visit and the allowed attributes',
      },
      {
        file: TRACE_DRAWER,
        title:
          "shows an order from the click through the queue, on each page and on the order's page",
      },
    ],
    mutant: {
      find: 'handedOut ? `${own}, document-fetch;desc=',
      replace: '!handedOut ? `${own}, document-fetch;desc=',
    },
  },
];
