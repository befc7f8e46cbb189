import type { Check } from './check.ts';

const TRACES = 'e2e/test/traces.test.ts';
const RECOVERED_ORDER = 'e2e/test/recovered-order.test.ts';
const FRONT_END_TRACING = 'services/front-end/test/tracing.test.ts';
const OUTAGE_TRACES = 'e2e/test/outage-traces.test.ts';
const LOGIN = 'services/user/test/login.test.ts';
const UNEXPLAINED_TIME = 'tools/trace/test/unexplained-time.test.ts';
const PARALLEL_CALLS = 'libs/upstream/test/parallel-calls.test.ts';
const PARALLEL_SHOPPERS = 'e2e/test/parallel-shoppers.test.ts';
const MESSAGE_BUS = 'libs/messaging/test/message-bus.test.ts';
const TRACING = 'libs/tracing/test/tracing.test.ts';
const TRACING_COST = 'e2e/test/tracing-cost.test.ts';

export const WHOLE_TRACE_CHECKS: readonly Check[] = [
  {
    number: 52,
    says: 'A request of a user is one root, and no parent is missing; what a process that is killed loses is known by its callers',
    tests: [
      { file: TRACES, title: 'every trace begins with a request to the front-end and is complete' },
      {
        file: RECOVERED_ORDER,
        title: 'is shipped by the sweep, in one new trace that is linked to its creation',
      },
    ],
    mutant: {
      find: 'traced: config.traced !== false };',
      replace: 'traced: config.traced !== true };',
      within: 'traces of the shop in one process',
    },
  },
  {
    number: 53,
    says: "An order's trace has exactly the declared services and calls, with the consumer of the queue",
    tests: [
      {
        file: TRACES,
        title:
          'POST /orders is one trace from the front-end through the queue and back, in the shape of its golden file: a cart of %d',
      },
      {
        file: TRACES,
        title:
          'the service map has the declared edges, each with as many calls as its server counted and no error',
      },
    ],
    mutant: {
      find: 'await this.events.shipped({ id, name, shippedAt: new Date().toISOString() });',
      replace:
        'for (const shippedAt of [new Date(), new Date()]) await this.events.shipped({ id, name, shippedAt: shippedAt.toISOString() });',
      within: 'traces of the shop in one process',
    },
  },
  {
    number: 54,
    says: 'The errors of a request that fails go from the edge to the part that failed; a fallback ends them',
    tests: [
      {
        file: FRONT_END_TRACING,
        title: 'a refusal leaves the SERVER span unmarked, a failure of an upstream marks it',
      },
      {
        file: OUTAGE_TRACES,
        title: 'has its errors from the edge to the part that failed, and on no other span: %s',
      },
    ],
    mutant: {
      find: 'errorType: status >= 500 ? String(status) : undefined',
      replace: 'errorType: status >= 404 ? String(status) : undefined',
    },
  },
  {
    number: 55,
    says: 'No time of a span is unexplained beyond the bound that docs/tracing.md states: what waits or hashes says so',
    tests: [
      {
        file: LOGIN,
        title:
          'shows where its time went: the hash of the password, and the wait of equal logins for it',
      },
      {
        file: TRACES,
        title:
          'no span of these journeys has a longer time that nothing explains than docs/tracing.md says',
      },
      { file: UNEXPLAINED_TIME, title: 'of a %s without children is %d' },
    ],
    mutant: { find: "@Traced('hash password')", replace: "@Traced('hash')" },
  },
  {
    number: 56,
    says: 'A journey has as many spans each time, and an order with more lines has no more',
    tests: [
      { file: TRACES, title: 'an order has as many spans with three lines as with one' },
      { file: TRACES, title: 'the traces of the journey %s have the shape of its golden file' },
    ],
    mutant: {
      find: 'await this.store.changeOnce(customerId, changes, orderId);',
      replace:
        'for (const [line, change] of changes.entries()) await this.store.changeOnce(customerId, [change], `${orderId}${line}`);',
      within: 'traces of the shop in one process',
    },
  },
  {
    number: 57,
    says: 'Later work keeps no request open: what a span caused lies within it, and consumers have spans of their own',
    tests: [
      { file: TRACES, title: 'what a span caused lies within it, but for the work of consumers' },
    ],
    mutant: {
      find: 'return { context: entered, span };',
      replace: ['setImmediate(() => span?.end());', '    return { context: entered, span };'].join(
        '\n',
      ),
      within: 'traces of the shop in one process',
    },
  },
  {
    number: 58,
    says: 'No context leaks between requests, users or messages that are in flight together',
    tests: [
      {
        file: PARALLEL_CALLS,
        title:
          '1,000 calls in flight at once from one service through a second to a third make 1,000 traces, each with the baggage of its shopper and each span under the one that called it',
      },
      {
        file: PARALLEL_SHOPPERS,
        title:
          '1,000 shoppers at once: each trace holds the one session and the baggage of its shopper, in every service',
      },
      { file: MESSAGE_BUS, title: 'keeps 200 concurrent messages in their own traces' },
      {
        file: TRACING,
        title: 'keep their own names and traces through 200 interleaved operations',
      },
    ],
    mutant: {
      find: 'private readonly parent = context.active();',
      replace:
        'private readonly parent = ((globalThis as { first?: ReturnType<typeof context.active> }).first ??= context.active());',
    },
  },
  {
    number: 59,
    says: 'The traces of a journey have the same shape in one process and in several; `npm run trace:check` compares those of any shop',
    tests: [
      { file: TRACES, title: 'the traces of the journey %s have the shape of its golden file' },
    ],
    mutant: {
      find: "@Traced('ship')",
      replace: "@Traced('pack')",
      within: 'traces of the shop in one process',
    },
  },
  {
    number: 60,
    says: 'Tracing costs no more CPU time, waiting and memory than published',
    tests: [
      {
        file: TRACING_COST,
        title:
          'tracing of every request costs no more CPU time, waiting and memory than docs/tracing.md says',
      },
    ],
    mutant: {
      find: 'this.kind = beginning.kind;',
      replace: [
        'for (const untilMs = performance.now() + 3; performance.now() < untilMs; ) this.ended = false;',
        '    this.kind = beginning.kind;',
      ].join('\n'),
    },
  },
];
