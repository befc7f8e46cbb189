import type { Check } from './check.ts';

const SERVER_SPANS = 'libs/service/test/server-spans.test.ts';
const TRACES = 'e2e/test/traces.test.ts';
const CLIENT_SPANS = 'libs/upstream/test/client-spans.test.ts';
const REQUEST_ENDS = 'libs/service/test/request-ends.test.ts';

export const HTTP_CHECKS: readonly Check[] = [
  {
    number: 1,
    says: 'A SERVER span has method, path, scheme, route template, status, query when there is one, server and client address, protocol version and user agent',
    tests: [
      { file: SERVER_SPANS, title: 'is one SERVER span with all its attributes' },
      { file: SERVER_SPANS, title: 'has no query attribute without a query' },
      {
        file: TRACES,
        title:
          'every span of these journeys has the attributes, name and status of its kind, and no others',
      },
    ],
    mutant: {
      find: 'if (route !== undefined) attributes[ATTR_HTTP_ROUTE] = route.template;',
      replace: "if (route?.template === '') attributes[ATTR_HTTP_ROUTE] = route.template;",
    },
  },
  {
    number: 2,
    says: 'A CLIENT span has method, full URL without credentials, server address and port, status and template',
    tests: [
      {
        file: CLIENT_SPANS,
        title: 'is one CLIENT span with all that is known about it, and no credentials',
      },
      {
        file: TRACES,
        title:
          'every span of these journeys has the attributes, name and status of its kind, and no others',
      },
    ],
    mutant: {
      find: '[ATTR_URL_FULL]: `${origin}${path}`,',
      replace: '[ATTR_URL_FULL]: `${origin}/${path}`,',
    },
  },
  {
    number: 3,
    says: 'Span names are method and template, however many ids and unknown paths are asked for; an unknown verb is HTTP',
    tests: [
      {
        file: SERVER_SPANS,
        title: 'has a name of low cardinality for any path that a scanner tries',
      },
      { file: SERVER_SPANS, title: 'with the unknown verb %s is named HTTP' },
      { file: TRACES, title: 'span names are few and contain no ids' },
    ],
    mutant: {
      find: 'const name = route === undefined ? method : `${method} ${route.template}`;',
      replace:
        'const name = route === undefined ? `${method} ${url}` : `${method} ${route.template}`;',
    },
  },
  {
    number: 4,
    says: 'A refusal is an error of its caller only, a failure of both sides, a cancelled call of none',
    tests: [
      { file: SERVER_SPANS, title: 'to %s answered %d has status %j' },
      { file: CLIENT_SPANS, title: 'answered %d has status %j, the same on span and metric' },
      {
        file: CLIENT_SPANS,
        title: 'that its caller no longer wants is cancelled, which is no failure',
      },
      { file: REQUEST_ENDS, title: 'whose caller goes while it is handled and %s' },
    ],
    mutant: {
      find: 'errorType: status >= 500 ? String(status) : undefined',
      replace: 'errorType: status >= 400 ? String(status) : undefined',
    },
  },
  {
    number: 5,
    says: '`error.type` is a status or a short word, absent on success, and the same on span and metric',
    tests: [
      { file: CLIENT_SPANS, title: 'answered %d has status %j, the same on span and metric' },
      { file: SERVER_SPANS, title: 'to %s answered %d has status %j' },
      {
        file: CLIENT_SPANS,
        title: 'without an answer says why, and the exception is recorded there and not again',
      },
    ],
    mutant: {
      find: 'const errorType = status >= 400 ? String(status) : undefined;',
      replace: 'const errorType = status >= 500 ? String(status) : undefined;',
    },
  },
  {
    number: 6,
    says: 'Each attempt of a call is one CLIENT span, counted, and nothing surrounds them',
    tests: [
      {
        file: CLIENT_SPANS,
        title: 'is one CLIENT span for every attempt, counted, and nothing around them',
      },
    ],
    mutant: { find: 'if (resends > 0) attributes', replace: 'if (resends > 1) attributes' },
  },
  {
    number: 7,
    says: 'Each hop is one CLIENT and one SERVER span, the second inside of the first',
    tests: [
      {
        file: CLIENT_SPANS,
        title: 'is one CLIENT span with all that is known about it, and no credentials',
      },
      { file: TRACES, title: 'every trace begins with a request to the front-end and is complete' },
      { file: TRACES, title: 'what a span caused lies within it, but for the work of consumers' },
    ],
    mutant: {
      find: 'tracing.inject(trace.setSpan(this.parent, this.span), headers);',
      replace: 'tracing.inject(trace.deleteSpan(this.parent), headers);',
    },
  },
  {
    number: 8,
    says: 'Probes, metrics and static files are not traced',
    tests: [
      { file: SERVER_SPANS, title: 'without a trace has no inner spans either' },
      { file: SERVER_SPANS, title: 'to the probe %s is not traced' },
    ],
    mutant: {
      find: 'untracedBelow.some((prefix) => path.startsWith(prefix))',
      replace: 'untracedBelow.some((prefix) => path === prefix)',
    },
  },
];
