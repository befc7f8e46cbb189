import { expect, it } from '@jest/globals';
import type { ZipkinSpan } from '@sockshop/tracing';
import { stateOf } from '../src/traces/trace-state.ts';
import { ZipkinTrace } from '../src/traces/zipkin-span.ts';
import { aSpan } from './trace-stand-in.ts';

const nowMs = Date.now();
/** Ended so long ago that all spans of other processes have arrived. */
const old = { timestamp: (nowMs - 60_000) * 1000 };

const page = aSpan({ service: 'storefront' });
const root = aSpan({ service: 'front-end', kind: 'SERVER', parentId: page.id });
const call = aSpan({ service: 'front-end', kind: 'CLIENT', remote: 'orders', parentId: root.id });
const answer = aSpan({ service: 'orders', kind: 'SERVER', parentId: call.id });
const query = aSpan({
  service: 'orders',
  kind: 'CLIENT',
  remote: 'orders-db',
  parentId: answer.id,
  tags: { 'db.system.name': 'mongodb' },
});
const sent = aSpan({ service: 'shipping', kind: 'PRODUCER', remote: 'queue', parentId: answer.id });
const taken = aSpan({ service: 'queue-master', kind: 'CONSUMER', parentId: sent.id });
const work = aSpan({ service: 'queue-master', parentId: taken.id });
const told = aSpan({ service: 'queue-master', kind: 'PRODUCER', parentId: taken.id });
const heard = aSpan({ service: 'orders', kind: 'CONSUMER', parentId: told.id });
const request = [page, root, call, answer, query];

it.each<[string, ReturnType<typeof stateOf>, ZipkinSpan[]]>([
  ['all spans have come', 'finished', request],
  ['every message was consumed', 'finished', [...request, sent, taken, work, told, heard]],
  ['the called service’s span is on its way', 'running', [page, root, call]],
  ['the caller’s span is on its way', 'running', [root, call, answer]],
  ['the browser’s span is on its way', 'running', [root]],
  ['a step of a request that still runs has ended', 'running', [{ ...query, ...old }]],
  ['a message waits', 'queued', [...request, sent]],
  ['a message has waited for a minute', 'queued', [...request, { ...sent, ...old }]],
  ['a consumer works, for seconds', 'running', [...request, { ...sent, ...old }, work]],
  ['the second message waits', 'queued', [...request, sent, taken, work, told]],
  ['a script that sends no spans began it', 'finished', [{ ...root, ...old }]],
  [
    'a called service sends no spans',
    'finished',
    [
      { ...root, ...old },
      { ...call, ...old },
    ],
  ],
  ['a call failed', 'finished', [page, root, { ...call, tags: { error: 'unreachable' } }]],
  ['both ends of a call have one id', 'finished', [page, root, call, { ...answer, id: call.id }]],
  ['a span is its own parent’s parent', 'finished', [{ ...page, parentId: root.id }, root]],
  ['a span ends in the year 2255', 'finished', [{ ...root, duration: Number.MAX_SAFE_INTEGER }]],
])('when %s, a trace is %s', (_when, state, spans) => {
  expect(stateOf(ZipkinTrace.parse(spans), nowMs)).toBe(state);
});
