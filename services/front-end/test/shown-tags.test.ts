import { describe, expect, it } from '@jest/globals';
import { shownLog, shownTags } from '../src/traces/shown-tags.ts';
import { summaryJson, traceJson } from '../src/traces/trace-json.ts';
import { ZipkinTrace } from '../src/traces/zipkin-span.ts';
import { aSpan } from './trace-stand-in.ts';

/** What must not be shown, in each place where a span of ours or of another's service may have it. */
const CANARIES = {
  'client.address': 'canary-1',
  'user_agent.original': 'canary-2',
  'session.id': 'canary-3',
  'url.path': '/customers/canary-4',
  'url.query': 'custId=canary-5',
  'url.full': 'http://carts/carts/canary-6/items',
  'enduser.id': 'canary-7',
  'user.email': 'canary-8',
  'http.request.header.cookie': 'canary-9',
  'http.path': '/canary-10',
  'server.address': 'canary-11',
  'network.peer.address': 'canary-12',
  'db.statement': "SELECT 'canary-13'",
  error: 'no customer canary 14',
};
const exception = {
  'exception.type': 'MongoServerError',
  'exception.message': 'dup key: { username: "canary-15" }',
  'exception.stacktrace': 'at canary-16',
};

describe('a trace that is shown', () => {
  const [span] = ZipkinTrace.parse([
    aSpan({
      service: 'user',
      timestamp: 1000,
      tags: { ...CANARIES, 'error.type': 'MongoServerError', 'http.route': '/customers/{id}' },
      annotations: [
        { timestamp: 1500, value: JSON.stringify({ exception }) },
        { timestamp: 1600, value: 'retry' },
        { timestamp: 1700, value: 'canary 17 was here' },
        { timestamp: 1800, value: '{"looked up":{"name":"canary-18"}}' },
      ],
      localEndpoint: { serviceName: 'user', ipv4: '10.0.0.99' },
    }),
  ]);

  it('has the allowed tags alone, and of errors and exceptions the kind', () => {
    const trace = traceJson([span!]);
    expect(trace.spans).toMatchObject([
      {
        error: 'MongoServerError',
        tags: { 'error.type': 'MongoServerError', 'http.route': '/customers/{id}' },
        logs: [
          { atUs: 500, value: 'exception: MongoServerError' },
          { atUs: 600, value: 'retry' },
        ],
      },
    ]);
    expect(JSON.stringify([trace, summaryJson([span!])])).not.toMatch(/canary|10\.0\.0\.99/);
  });

  it('hides a tag that is not on the list', () => {
    expect(shownTags({ 'sockshop.new.tag': 'x', 'sockshop.order.id': 'o1' })).toEqual({
      'sockshop.order.id': 'o1',
    });
  });

  it.each([
    ['lcp', 812.4567, 'browser.web_vital: lcp 812 ms'],
    ['cls', 0.012345, 'browser.web_vital: cls 0.0123'],
    ['cls', 1.5e-7, 'browser.web_vital: cls 1.5e-7'],
    ['inp', 24, 'browser.web_vital: inp 24 ms'],
  ])('has the figure of the web vital %s', (name, value, shown) => {
    const vital = {
      'browser.web_vital.name': name,
      'browser.web_vital.value': value,
      'browser.web_vital.id': 'v5-canary',
    };
    expect(shownLog(JSON.stringify({ 'browser.web_vital': vital }))).toBe(shown);
  });

  it('marks what failed without saying why', () => {
    const [marked] = ZipkinTrace.parse([aSpan({ service: 'user', tags: { error: '' } })]);
    expect(traceJson([marked!]).spans[0]?.error).toBe('');
    expect(summaryJson([marked!]).errors).toBe(1);
  });
});

it('spans stand by start, each after its parent even where clocks disagree, pieces once', () => {
  const root = aSpan({ service: 'a', timestamp: 1000, name: 'root', duration: 50 });
  const early = aSpan({ service: 'b', timestamp: 900, name: 'early', parentId: root.id });
  const below = aSpan({ service: 'b', timestamp: 950, name: 'below', parentId: early.id });
  const late = aSpan({ service: 'c', timestamp: 1010, name: 'late', parentId: root.id });
  const lost = aSpan({ service: 'd', timestamp: 1005, name: 'lost', parentId: 'f'.repeat(16) });
  const trace = traceJson(ZipkinTrace.parse([late, below, early, lost, root, root]));
  expect(trace.spans.map(({ name, startUs }) => [name, startUs])).toEqual([
    ['root', 100],
    ['early', 0],
    ['below', 50],
    ['lost', 105],
    ['late', 110],
  ]);
  expect([trace.startMs, trace.summary.wholeMs]).toEqual([0.9, 1.11]);
});
