import { describe, expect, it } from '@jest/globals';
import { callsOf, sumCalls } from '../src/trace-store/dependency-linker.ts';
import type { Span } from '../src/trace-store/span.ts';
import { aSpan } from './spans.ts';

/** `web -> app` once, `web -> app x2 !1` twice with one failure. */
function edges(...traces: Span[][]): string[] {
  return sumCalls(traces.flatMap(callsOf)).map(
    ({ parent, child, callCount, errorCount }) =>
      `${parent} -> ${child}${callCount > 1 ? ` x${callCount}` : ''}${errorCount ? ` !${errorCount}` : ''}`,
  );
}

describe('one span', () => {
  it.each<[string, Span, string[]]>([
    [
      'a server that knows its client',
      aSpan('a', { kind: 'SERVER', at: 'b', to: 'a' }),
      ['a -> b'],
    ],
    [
      'a client that knows its server',
      aSpan('a', { kind: 'CLIENT', at: 'a', to: 'b' }),
      ['a -> b'],
    ],
    ['no kind but both sides', aSpan('a', { at: 'a', to: 'b' }), ['a -> b']],
    ['a service calling itself', aSpan('a', { kind: 'SERVER', at: 'a', to: 'a' }), ['a -> a']],
    [
      'a failed call',
      aSpan('a', { kind: 'CLIENT', at: 'a', to: 'b', failed: true }),
      ['a -> b !1'],
    ],
    ['a sender', aSpan('a', { kind: 'PRODUCER', at: 'a', to: 'mq' }), ['a -> mq']],
    ['a receiver', aSpan('a', { kind: 'CONSUMER', at: 'a', to: 'mq' }), ['mq -> a']],
    ['a local step', aSpan('a', { at: 'a' }), []],
    ['a server without its client', aSpan('a', { kind: 'SERVER', at: 'a' }), []],
    ['a server without a name', aSpan('a', { kind: 'SERVER', to: 'a' }), []],
    ['a client without its server', aSpan('a', { kind: 'CLIENT', at: 'a' }), []],
    ['a client without a name', aSpan('a', { kind: 'CLIENT', to: 'a' }), []],
    ['nothing known', aSpan('a', { kind: 'SERVER' }), []],
  ])('%s', (_title, span, expected) => {
    expect(edges([span])).toEqual(expected);
  });

  it('fails by its tag, not by an annotation of that name', () => {
    const span = aSpan('a', { kind: 'CLIENT', at: 'a', to: 'b' });
    expect(edges([{ ...span, annotations: [{ timestamp: 1, value: 'error' }] }])).toEqual([
      'a -> b',
    ]);
  });
});

const web = aSpan('a', { kind: 'SERVER', at: 'web' });
const webToApp = aSpan('b', { parent: 'a', kind: 'CLIENT', at: 'web', to: 'app' });
const app = aSpan('c', { parent: 'b', kind: 'SERVER', at: 'app', to: 'web' });
const sharedApp = aSpan('b', { parent: 'a', kind: 'SERVER', at: 'app', to: 'web', shared: true });
const appToDb = aSpan('d', { parent: 'c', kind: 'CLIENT', at: 'app', to: 'db', failed: true });
const failed = { tags: { error: '' } };

describe('a trace', () => {
  it.each<[string, Span[], string[]]>([
    ['a call is counted once, by its server', [web, webToApp, app], ['web -> app']],
    [
      'the order of arrival does not matter',
      [appToDb, app, webToApp, web],
      ['web -> app', 'app -> db !1'],
    ],
    [
      'a shared id is a call',
      [{ ...appToDb, parentId: webToApp.id }, sharedApp, webToApp, web],
      ['web -> app', 'app -> db !1'],
    ],
    [
      "a server with its client's id needs no mark",
      [web, webToApp, aSpan('b', { parent: 'a', kind: 'SERVER', at: 'app' })],
      ['web -> app'],
    ],
    [
      'a shared id without a parent is placed by its client',
      [web, webToApp, aSpan('b', { kind: 'SERVER', at: 'app', shared: true })],
      ['web -> app'],
    ],
    [
      'a shared id without its client is placed by the name in its span',
      [web, aSpan('b', { kind: 'SERVER', at: 'app', to: 'web', shared: true })],
      ['web -> app'],
    ],
    [
      "the server's own name counts",
      [web, { ...webToApp, remoteEndpoint: { serviceName: 'load-balancer' } }, app],
      ['web -> app'],
    ],
    [
      'two servers below one client are two calls',
      [web, webToApp, app, { ...app, id: 'e'.repeat(16), ...failed }],
      ['web -> app x2 !1'],
    ],
    [
      'a failure that both sides saw counts once',
      [web, { ...webToApp, ...failed }, { ...app, ...failed }],
      ['web -> app !1'],
    ],
    [
      'a failure that only the client saw counts',
      [web, { ...webToApp, ...failed }, app],
      ['web -> app !1'],
    ],
    [
      'a failure that only the client saw is lost when the id is shared',
      [web, { ...webToApp, ...failed }, sharedApp],
      ['web -> app'],
    ],
    [
      'local steps are skipped',
      [
        web,
        aSpan('e', { parent: 'a', at: 'web' }),
        aSpan('b', { parent: 'e', kind: 'CLIENT', at: 'web', to: 'db' }),
      ],
      ['web -> db'],
    ],
    [
      "a client with its server's name is called by the span above",
      [web, aSpan('b', { parent: 'a', kind: 'CLIENT', at: 'app', to: 'db', failed: true })],
      ['web -> app', 'app -> db !1'],
    ],
    [
      'a client without a name takes the name of the span above',
      [web, aSpan('b', { parent: 'a', kind: 'CLIENT', to: 'db' })],
      ['web -> db'],
    ],
    [
      'every span without a kind is a client',
      [
        aSpan('a', { at: 'browser', to: 'web' }),
        aSpan('b', { parent: 'a', at: 'web', to: 'app', failed: true }),
        aSpan('c', { parent: 'b', at: 'app', to: 'db' }),
      ],
      ['browser -> web', 'web -> app !1', 'app -> db'],
    ],
    [
      'siblings without a root are not linked',
      [
        aSpan('b', { parent: 'a', kind: 'SERVER', at: 'one' }),
        aSpan('c', { parent: 'a', kind: 'SERVER', at: 'two' }),
      ],
      [],
    ],
    [
      'a parent and its child without a root are linked',
      [
        aSpan('b', { parent: 'a', kind: 'SERVER', at: 'one' }),
        aSpan('c', { parent: 'b', kind: 'SERVER', at: 'two' }),
      ],
      ['one -> two'],
    ],
    [
      'a span with a lost parent is a child of the root',
      [web, aSpan('f', { parent: 'e', kind: 'SERVER', at: 'app' })],
      ['web -> app'],
    ],
    [
      'two processes with one id keep their own children',
      [
        web,
        webToApp,
        sharedApp,
        aSpan('b', { parent: 'a', kind: 'SERVER', at: 'copy', shared: true }),
        aSpan('d', { parent: 'b', kind: 'CLIENT', at: 'copy', to: 'db' }),
      ],
      ['web -> app', 'web -> copy', 'copy -> db'],
    ],
    [
      'a cycle of parents is ignored',
      [
        aSpan('b', { parent: 'c', kind: 'SERVER', at: 'one', to: 'x' }),
        aSpan('c', { parent: 'b', kind: 'SERVER', at: 'two', to: 'x' }),
      ],
      [],
    ],
  ])('%s', (_title, spans, expected) => {
    expect(edges(spans)).toEqual(expected);
  });

  it('adds up over traces', () => {
    expect(edges([web, webToApp, app], [web, webToApp, { ...app, ...failed }])).toEqual([
      'web -> app x2 !1',
    ]);
  });
});

describe('a message', () => {
  const sender = (to?: string): Span =>
    aSpan('a', { kind: 'PRODUCER', at: 'shipping', ...(to && { to }) });
  const receiver = (to?: string): Span =>
    aSpan('b', { parent: 'a', kind: 'CONSUMER', at: 'queue-master', ...(to && { to }) });

  it.each<[string, Span[], string[]]>([
    [
      'goes through its broker',
      [sender('rabbitmq'), receiver('rabbitmq')],
      ['shipping -> rabbitmq', 'rabbitmq -> queue-master'],
    ],
    [
      'may use two names of the broker',
      [sender('mq1'), receiver('mq2')],
      ['shipping -> mq1', 'mq2 -> queue-master'],
    ],
    ['is linked by its sender alone', [sender('rabbitmq'), receiver()], ['shipping -> rabbitmq']],
    [
      'is linked by its receiver alone',
      [sender(), receiver('rabbitmq')],
      ['rabbitmq -> queue-master'],
    ],
    ['makes no direct link', [sender(), receiver()], []],
    [
      'fails where it fails',
      [sender('rabbitmq'), { ...receiver('rabbitmq'), ...failed }],
      ['shipping -> rabbitmq', 'rabbitmq -> queue-master !1'],
    ],
    [
      'that a server receives is a call',
      [sender(), aSpan('b', { parent: 'a', kind: 'SERVER', at: 'app' })],
      ['shipping -> app'],
    ],
    [
      'that a client sends is no call',
      [aSpan('a', { kind: 'CLIENT', at: 'shipping' }), receiver()],
      [],
    ],
  ])('%s', (_title, spans, expected) => {
    expect(edges(spans)).toEqual(expected);
  });
});
