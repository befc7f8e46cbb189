import { describe, expect, it } from '@jest/globals';
import type { Span } from '../src/trace-store/span.ts';
import { TraceStore, type TraceStoreLimits } from '../src/trace-store/trace-store.ts';
import { aSpan, START, START_MS } from './spans.ts';

const traceId = (n: number): string => `abc${n}`.padStart(32, 'f');

/** A trace with its own service and its own text. */
function aTrace(n: number, spans = 2): Span[] {
  return Array.from({ length: spans }, (_, i) => ({
    ...aSpan(String(i + 1), { trace: traceId(n), kind: 'CLIENT', at: `service-${n}`, to: 'db' }),
    name: `name-${n}`,
    tags: { 'url.path': `/orders/${n}`, 'http.request.method': 'GET' },
  }));
}

function storeOf(limits: TraceStoreLimits, ...traces: Span[][]): TraceStore {
  const store = new TraceStore(limits);
  for (const trace of traces) store.accept(trace);
  return store;
}

describe('TraceStore', () => {
  it('returns every field of a span', () => {
    const span: Span = {
      traceId: traceId(1),
      parentId: '00000000000000ff',
      id: 'fedcba9876543210',
      kind: 'CONSUMER',
      name: 'process überraschung',
      timestamp: START + 123_457,
      duration: 2 ** 52,
      localEndpoint: { serviceName: 'queue-master', ipv4: '127.0.0.1', ipv6: '::1', port: 65_535 },
      remoteEndpoint: { port: 1 },
      annotations: [
        { timestamp: 0, value: '' },
        { timestamp: START, value: 'retried' },
      ],
      tags: { '': '', 'a b': '\u0000\n"', ok: 'true' },
      debug: true,
      shared: true,
    };
    const bare: Span = { traceId: traceId(1), id: '0000000000000001' };
    const store = storeOf({}, [span, bare]);
    expect(store.trace(traceId(1))).toEqual([span, bare]);
    expect(store.spanCount).toBe(2);
  });

  it('keeps a repeated span once, and pieces as they were sent', () => {
    const [span] = aTrace(1);
    const late: Span = { traceId: span!.traceId, id: span!.id, duration: 5 };
    const store = storeOf({}, [span!, span!], [late], [span!]);
    expect(store.trace(traceId(1))).toEqual([span, late]);
    expect(store.spanCount).toBe(2);
    const { bytes } = store;
    store.accept([late]);
    expect(store.bytes).toBe(bytes);
  });

  it('drops the oldest traces as a whole above the limit of spans', () => {
    const store = storeOf({ maxSpans: 5 }, aTrace(1), aTrace(2), aTrace(3));
    expect(store.spanCount).toBe(4);
    expect(store.trace(traceId(1))).toEqual([]);
    expect(store.trace(traceId(2))).toEqual(aTrace(2));
    expect(store.trace(traceId(3))).toEqual(aTrace(3));
  });

  it('forgets names with their last trace', () => {
    const store = storeOf({ maxSpans: 4 }, aTrace(1), aTrace(2), aTrace(3));
    expect(store.serviceNames()).toEqual(['service-2', 'service-3']);
    expect(store.spanNames('service-1')).toEqual([]);
    expect(store.remoteServiceNames('service-1')).toEqual([]);
    expect(store.spanNames('SERVICE-2')).toEqual(['name-2']);
    expect(store.remoteServiceNames('service-2')).toEqual(['db']);
  });

  it('keeps the first spans of a trace above its limit, and further traces', () => {
    const store = storeOf({ maxTraceSpans: 3 }, aTrace(1, 5), aTrace(1, 9), aTrace(2, 2));
    expect(store.trace(traceId(1))).toEqual(aTrace(1, 3));
    expect(store.trace(traceId(2))).toEqual(aTrace(2, 2));
    expect(store.spanCount).toBe(5);
  });

  it('links a chain of 2000 spans with local steps, out of 20,000 that were sent', () => {
    const chain = Array.from({ length: 20_000 }, (_, i) => {
      const id = (i + 1).toString(16);
      return aSpan(id, { ...(i > 0 && { parent: i.toString(16) }), at: `service-${i}` });
    });
    const store = storeOf({ maxSpans: 40_000 }, chain);
    expect(store.spanCount).toBe(2000);
    expect(store.dependencies(START_MS + 1000, 2000)).toEqual([]);
  });

  it.each(['constructor', '__proto__', 'toString', 'a\nb', ''])('keeps the name "%s"', (name) => {
    const span: Span = {
      ...aSpan('1', { trace: traceId(1), kind: 'CLIENT', at: 'front-end', to: 'x' }),
      remoteEndpoint: { serviceName: name },
      tags: Object.fromEntries([[name, name]]),
    };
    const store = storeOf({}, [span]);
    const [kept] = store.trace(traceId(1));
    expect(Object.entries(kept?.tags ?? {})).toEqual([[name, name]]);
    expect(store.remoteServiceNames('front-end')).toEqual(name === '' ? [] : [name]);
    const link = { parent: 'front-end', child: name, callCount: 1 };
    expect(store.dependencies(START_MS + 1000, 2000)).toEqual(name === '' ? [] : [link]);
  });

  it('drops a trace larger than the whole limit', () => {
    const store = storeOf({ maxSpans: 4 }, aTrace(1), aTrace(2, 9), aTrace(3));
    expect(store.serviceNames()).toEqual(['service-3']);
  });

  it('drops traces above the limit of bytes', () => {
    const huge = (n: number): Span[] => [
      { ...aTrace(n)[0]!, tags: { stack: String(n).repeat(1e5) } },
    ];
    const store = storeOf({ maxBytes: 250_000 }, huge(1), huge(2), huge(3));
    expect(store.serviceNames()).toEqual(['service-2', 'service-3']);
    expect(store.bytes).toBeLessThan(250_000);
  });

  it('keeps no text of dropped traces', () => {
    const limits = { maxSpans: 20 };
    const traces = Array.from({ length: 1000 }, (_, n) => aTrace(1000 + n));
    expect(storeOf(limits, ...traces).bytes).toBe(storeOf(limits, ...traces.slice(-10)).bytes);
    expect(storeOf(limits, ...traces, aTrace(1, 21)).bytes).toBe(0);
  });

  it('does not find a 128-bit trace by its low 64 bits, but maps both as one', () => {
    const long = aSpan('a', { trace: traceId(1), kind: 'CLIENT', at: 'web', to: 'app' });
    const cut = aSpan('b', { trace: traceId(1).slice(16), parent: 'a', kind: 'SERVER', at: 'app' });
    const store = storeOf({}, [long], [cut]);
    expect(store.trace(traceId(1))).toEqual([long]);
    expect(store.trace(traceId(1).slice(16))).toEqual([cut]);
    expect(store.dependencies(START_MS, 1)).toEqual([
      { parent: 'web', child: 'app', callCount: 1 },
    ]);
  });

  it('adds a late span to a map that was requested before', () => {
    const server = aSpan('b', { parent: 'a', kind: 'SERVER', at: 'app' });
    const store = storeOf({}, [server]);
    expect(store.dependencies(START_MS, 1)).toEqual([]);
    store.accept([aSpan('a', { kind: 'CLIENT', at: 'web', failed: true })]);
    expect(store.dependencies(START_MS, 1)).toEqual([
      { parent: 'web', child: 'app', callCount: 1, errorCount: 1 },
    ]);
  });

  it('maps a whole trace when one of its spans is in the time', () => {
    const early = { ...aSpan('a', { kind: 'PRODUCER', at: 'web', to: 'mq' }), timestamp: 1000 };
    const inTime = aSpan('b', { kind: 'PRODUCER', at: 'app', to: 'mq' });
    const store = storeOf({}, [early, inTime]);
    const links = [
      { parent: 'web', child: 'mq', callCount: 1 },
      { parent: 'app', child: 'mq', callCount: 1 },
    ];
    expect(store.dependencies(START_MS, 1)).toEqual(links);
    expect(store.dependencies(START_MS - 1, 1)).toEqual([]);
    expect(store.dependencies(START_MS + 2, 1)).toEqual([]);
    expect(store.dependencies(1, 1)).toEqual(links);
  });
});
