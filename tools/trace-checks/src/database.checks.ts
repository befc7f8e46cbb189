import type { Check } from './check.ts';

const SQLITE = 'libs/store/test/sqlite.test.ts';
const MONGO = 'libs/store/test/mongo.test.ts';
const WITHDRAWN_NAMES = 'tools/trace-checks/test/withdrawn-names.test.ts';
const TRACES = 'e2e/test/traces.test.ts';
const SECRETS = 'services/front-end/test/secrets.test.ts';
const REDACTION = 'libs/tracing/test/redaction.test.ts';

export const DATABASE_CHECKS: readonly Check[] = [
  {
    number: 9,
    says: 'A database span has system, namespace, collection, operation, server, statement without values, and code and `error.type` of a failure; no withdrawn name is used',
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
      { file: WITHDRAWN_NAMES, title: 'no source of ours uses a withdrawn name of an attribute' },
      {
        file: TRACES,
        title:
          'every span of these journeys has the attributes, name and status of its kind, and no others',
      },
    ],
    mutant: {
      find: 'attributes[ATTR_DB_QUERY_TEXT] = text;',
      replace: 'attributes[ATTR_DB_QUERY_TEXT] = text.toLowerCase();',
    },
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
      {
        file: TRACES,
        title:
          'every span of these journeys has the attributes, name and status of its kind, and no others',
      },
    ],
    mutant: {
      find: 'collection === undefined ? verb : `${verb} ${collection}`,',
      replace: 'collection === undefined ? verb : `${collection} ${verb}`,',
    },
  },
  {
    number: 11,
    says: 'A database server is called by CLIENT spans; a store in the process has INTERNAL spans and no edge on the map',
    tests: [
      {
        file: SQLITE,
        title: 'is one INTERNAL span with its summary and parameterised text, and no peer',
      },
      { file: TRACES, title: 'spans of stores are calls only where there is a database server' },
      {
        file: TRACES,
        title:
          'the service map has the declared edges, each with as many calls as its server counted and no error',
      },
    ],
    mutant: {
      find: 'kind: peer === undefined ? SpanKind.INTERNAL : SpanKind.CLIENT,',
      replace: 'kind: peer === "" ? SpanKind.INTERNAL : SpanKind.CLIENT,',
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
          'no span, log line or metric contains a password, a session, a card number, an e-mail or a street',
      },
      {
        file: REDACTION,
        title:
          'carry no secrets in the attributes of their URLs, also those of other libraries and processes',
      },
    ],
    mutant: {
      find: 'if (userAgent !== undefined) attributes[ATTR_USER_AGENT_ORIGINAL] = userAgent;',
      replace:
        'if (userAgent !== undefined) attributes[ATTR_USER_AGENT_ORIGINAL] = request.headers.cookie ?? userAgent;',
    },
  },
];
