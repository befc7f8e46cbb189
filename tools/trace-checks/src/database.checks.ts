import type { Check } from './check.ts';

const SQLITE = 'libs/store/test/sqlite.test.ts';
const MONGO = 'libs/store/test/mongo.test.ts';
const TRACES = 'e2e/test/traces.test.ts';
const SECRETS = 'services/front-end/test/secrets.test.ts';

export const DATABASE_CHECKS: readonly Check[] = [
  {
    number: 9,
    says: 'A database span has system, namespace, collection, operation, server, statement without values, and code and `error.type` of a failure',
    tests: [
      {
        file: SQLITE,
        title: 'is one INTERNAL span with its summary and parameterised text, and no peer',
      },
      { file: SQLITE, title: 'that fails marks its span with the result code and without values' },
      {
        file: MONGO,
        title: 'in a request is one CLIENT span with its attributes, under the request',
      },
      {
        file: MONGO,
        title: 'whose write is refused marks its span with the code and without values',
      },
    ],
    mutant: { find: '[ATTR_DB_QUERY_TEXT]: sql,', replace: '[ATTR_DB_QUERY_TEXT]: summary,' },
  },
  {
    number: 10,
    says: 'A database span is named by its summary, or by operation and collection',
    tests: [
      {
        file: SQLITE,
        title: 'is one INTERNAL span with its summary and parameterised text, and no peer',
      },
      {
        file: MONGO,
        title: 'in a request is one CLIENT span with its attributes, under the request',
      },
    ],
    mutant: {
      find: 'this.telemetry.tracer.startSpan(summary, { attributes }, parent)',
      replace: 'this.telemetry.tracer.startSpan(operation, { attributes }, parent)',
    },
  },
  {
    number: 11,
    says: 'A database server is called by CLIENT spans; a store in the process has INTERNAL spans and no edge on the map',
    tests: [
      { file: TRACES, title: 'spans of stores are calls only where there is a database server' },
      {
        file: TRACES,
        title:
          'the service map has the declared edges, each with as many calls as its server counted and no error',
      },
      {
        file: SQLITE,
        title: 'is one INTERNAL span with its summary and parameterised text, and no peer',
      },
    ],
    mutant: {
      find: "...dbAttributes('sqlite', this.name, operation, collection),",
      replace:
        "...dbAttributes('sqlite', this.name, operation, collection), 'server.address': this.name,",
      test: 2,
    },
  },
  {
    number: 12,
    says: 'No password, session, card, e-mail or street is in a span, a log line or a metric',
    tests: [
      {
        file: SECRETS,
        title: 'no session, password, mail address or card number gets into spans, logs or metrics',
      },
      {
        file: TRACES,
        title:
          'no span and no log line contains a password, a session, a card number, an e-mail or a street',
      },
    ],
    mutant: {
      find: 'if (userAgent !== undefined) attributes[ATTR_USER_AGENT_ORIGINAL] = userAgent;',
      replace:
        'if (userAgent !== undefined) attributes[ATTR_USER_AGENT_ORIGINAL] = request.headers.cookie ?? userAgent;',
    },
  },
];
