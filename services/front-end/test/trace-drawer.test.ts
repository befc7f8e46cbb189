import { describe, expect, it } from '@jest/globals';
import { SERVICE_NAMES } from '@sockshop/parts';
import {
  actionOf,
  parseTraceParent,
  templateOf,
  traceParentText,
} from '../storefront/trace/call-names.ts';
import { allArrived, mergeActions } from '../storefront/trace/my-actions.ts';
import { timeScale } from '../storefront/trace/time-scale.ts';
import {
  colourOf,
  durationText,
  firstError,
  rowsOf,
  servicesOf,
  type Span,
  type TraceSummary,
  treeOf,
} from '../storefront/trace/trace.ts';

describe('the tree of a trace', () => {
  it('has children below their parents, in the order in which they started', () => {
    const spans = [
      aSpan({ id: 'c', parentId: 'a', startUs: 30 }),
      aSpan({ id: 'b', parentId: 'a', startUs: 10 }),
      aSpan({ id: 'a' }),
      aSpan({ id: 'd', parentId: 'b', startUs: 20 }),
    ];
    expect(outline(spans)).toEqual(['a', ' b', '  d', ' c']);
  });

  it('has a span whose parent is missing beside the root', () => {
    const spans = [aSpan({ id: 'a' }), aSpan({ id: 'b', parentId: 'lost', startUs: 5 })];
    expect(outline(spans)).toEqual(['a', 'b']);
    expect(treeOf(spans).map(({ orphan }) => orphan)).toEqual([false, true]);
  });

  it('keeps every span of parents that go round in circles', () => {
    const spans = [
      aSpan({ id: 'a', parentId: 'b' }),
      aSpan({ id: 'b', parentId: 'a', startUs: 1 }),
    ];
    expect(rowsOf(treeOf(spans))).toHaveLength(2);
  });

  it('has every span of a chain of 10,000, also where all share one id', () => {
    const chain = Array.from({ length: 10_000 }, (_, index) =>
      aSpan({ id: `s${index}`, ...(index > 0 && { parentId: `s${index - 1}` }), startUs: index }),
    );
    const rows = rowsOf(treeOf(chain));
    expect(rows).toHaveLength(10_000);
    expect(rows.at(-1)?.depth).toBe(9999);
    const failed = chain.map((span) => ({ ...span, error: '503' }));
    expect(firstError(treeOf(failed))?.span.id).toBe('s9999');
    expect(rowsOf(treeOf(chain.map((span) => ({ ...span, id: 's0' }))))).toHaveLength(10_000);
  });

  it('has the server below the client where both share one id, as B3 allows', () => {
    const spans = [
      aSpan({ id: 'a', kind: 'CLIENT' }),
      aSpan({ id: 'a', kind: 'SERVER', startUs: 2 }),
      aSpan({ id: 'b', parentId: 'a', startUs: 3 }),
    ];
    expect(outline(spans)).toEqual(['a', ' a', '  b']);
    expect(new Set(rowsOf(treeOf(spans)).map(({ key }) => key)).size).toBe(3);
  });

  it('leaves out what is below a closed row', () => {
    const roots = treeOf([
      aSpan({ id: 'a' }),
      aSpan({ id: 'b', parentId: 'a' }),
      aSpan({ id: 'c', parentId: 'b' }),
    ]);
    const [, b] = rowsOf(roots);
    expect(rowsOf(roots, new Set([b!.key]))).toHaveLength(2);
  });

  it('says how long a message waited', () => {
    const sent = aSpan({ id: 'a', kind: 'PRODUCER', durationUs: 100 });
    const taken = aSpan({ id: 'b', parentId: 'a', kind: 'CONSUMER', startUs: 350 });
    expect(rowsOf(treeOf([sent, taken])).map(({ waitUs }) => waitUs)).toEqual([undefined, 250]);
  });

  it.each<[string, Partial<Span>[], string | undefined]>([
    ['none', [{ id: 'a' }, { id: 'b', parentId: 'a' }], undefined],
    [
      'the deepest',
      [
        { id: 'a', error: '' },
        { id: 'b', parentId: 'a', error: '503' },
      ],
      'b',
    ],
    [
      'below one that did not fail',
      [
        { id: 'a', error: '' },
        { id: 'b', parentId: 'a' },
        { id: 'c', parentId: 'b', error: 'timeout' },
      ],
      'c',
    ],
    [
      'of two branches the earlier',
      [
        { id: 'a', error: '' },
        { id: 'b', parentId: 'a', startUs: 20, error: '503' },
        { id: 'c', parentId: 'a', startUs: 10, error: '503' },
        { id: 'd', parentId: 'c', startUs: 30 },
      ],
      'c',
    ],
  ])('has its first error: %s', (_which, spans, expected) => {
    expect(firstError(treeOf(spans.map(aSpan)))?.span.id).toBe(expected);
  });
});

describe('the scale of time', () => {
  it('is even where there is something everywhere', () => {
    const scale = timeScale([
      aSpan({ durationUs: 1000 }),
      aSpan({ startUs: 500, durationUs: 100 }),
    ]);
    expect(scale.breaks).toEqual([]);
    expect([0, 250, 1000].map(scale.at)).toEqual([0, 0.25, 1]);
    expect(scale.ticks.map(({ us }) => us)).toEqual([0, 200, 400, 600, 800, 1000]);
  });

  it('shortens seconds in which nothing happens, and goes on after them', () => {
    const spans = [
      aSpan({ durationUs: 60_000 }),
      aSpan({ startUs: 50_000, durationUs: 2_010_000 }),
      aSpan({ startUs: 2_060_000, durationUs: 20_000 }),
    ];
    const scale = timeScale(spans);
    expect(scale.breaks.map(({ us }) => us)).toEqual([2_000_000]);
    const [pause] = scale.breaks;
    expect(pause!.to - pause!.from).toBeCloseTo(0.12);
    const places = [0, 30_000, 60_000, 1_000_000, 2_060_000, 2_080_000].map(scale.at);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect([places[0], places.at(-1)]).toEqual([0, 1]);
  });

  it.each([[[]], [[aSpan({ durationUs: 0 })]]])('is there for traces of no length', (spans) => {
    expect(timeScale(spans).at(0)).toBe(0);
  });
});

describe('names and colours', () => {
  it.each([
    ['/catalogue?size=5', '/catalogue'],
    ['/catalogue/size?tags=blue', '/catalogue/size'],
    ['/catalogue/03fef6ac-1896', '/catalogue/{id}'],
    ['/cart/update', '/cart/update'],
    ['/customers/secret', '/customers/{id}'],
    ['/login', '/login'],
  ])('%s is named %s', (path, template) => {
    expect(templateOf(path)).toBe(template);
  });

  it('a call that a shopper caused is an action', () => {
    expect(actionOf('POST', '/cart')).toBe('add to cart');
    expect(actionOf('POST', '/orders')).toBe('place order');
    expect(actionOf('GET', '/cart')).toBeUndefined();
  });

  it('traceparent is read and written', () => {
    const text = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
    const parsed = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), sampled: true };
    expect(parseTraceParent(text)).toEqual(parsed);
    expect(traceParentText(parsed)).toBe(text);
    expect(parseTraceParent(text.replace(/01$/, '00'))?.sampled).toBe(false);
  });

  it.each([
    '',
    '00-0-0-01',
    `00-${'0'.repeat(32)}-${'cd'.repeat(8)}-01`,
    `ff-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`,
  ])('traceparent "%s" is none', (text) => {
    expect(parseTraceParent(text)).toBeUndefined();
  });

  it.each([
    [640, '640 µs'],
    [1234, '1.23 ms'],
    [9_996, '10.0 ms'],
    [64_600, '64.6 ms'],
    [999_700, '1.00 s'],
    [2_546_000, '2.55 s'],
    [12_345_678, '12.3 s'],
  ])('%d µs is read as %s', (us, text) => {
    expect(durationText(us)).toBe(text);
  });

  it('a service has the same colour everywhere, and each of the shop its own', () => {
    const shop = ['storefront', ...SERVICE_NAMES];
    const all = shop.map(colourOf);
    expect(new Set(all).size).toBe(shop.length);
    expect(colourOf('someone-else')).toBe(colourOf('someone-else'));
    expect(all).not.toContain(colourOf('someone-else'));
    expect(colourOf('mysql')).toBe(colourOf('mongodb'));
  });

  it('services are in the order in which the trace reached them', () => {
    const spans = [aSpan({ service: 'user', startUs: 9 }), aSpan({ service: 'front-end' })];
    expect(servicesOf(spans)).toEqual(['front-end', 'user']);
  });
});

describe("a shopper's actions", () => {
  const placed = { ...aRecent('place order'), traceId: 't1', startMs: 1000 };

  it('are those of the tab and those of the store, newest first', () => {
    const stored = [
      aSummary({ traceId: 't1', errors: 1 }),
      aSummary({ traceId: 't2', startMs: 2000 }),
    ];
    expect(mergeActions([placed], stored)).toEqual([
      {
        traceId: 't2',
        name: 'get /cart',
        startMs: 2000,
        durationMs: 5,
        failed: false,
        page: false,
        trace: stored[1],
      },
      { ...placed, durationMs: 5, failed: true, trace: stored[0] },
    ]);
  });

  it('have arrived once all are stored, finished and do not grow', () => {
    const now = aSummary({ traceId: 't1' });
    expect(allArrived([placed], [], undefined, 2000)).toBe(false);
    expect(allArrived([placed], [now], undefined, 2000)).toBe(false);
    expect(allArrived([placed], [now], [{ ...now, spans: 1 }], 2000)).toBe(false);
    for (const state of ['running', 'queued'] as const) {
      const going = { ...now, state }; // it is not shipped yet
      expect(allArrived([placed], [going], [going], 20_000)).toBe(false);
    }
    expect(allArrived([placed], [now], [now], 2000)).toBe(true);
    expect(allArrived([placed], [], [], 60_000)).toBe(true); // dropped since
  });
});

function outline(spans: Span[]): string[] {
  return rowsOf(treeOf(spans)).map(({ span, depth }) => ' '.repeat(depth) + span.id);
}

function aSpan(span: Partial<Span> = {}): Span {
  return {
    id: 'a',
    name: 'x',
    service: 'orders',
    startUs: 0,
    durationUs: 1,
    tags: {},
    logs: [],
    ...span,
  };
}

function aRecent(name: string) {
  return { traceId: 't', name, startMs: 0, durationMs: undefined, failed: false, page: false };
}

function aSummary(summary: Partial<TraceSummary>): TraceSummary {
  return {
    traceId: 't',
    startMs: 1000,
    durationMs: 5,
    wholeMs: 5,
    name: 'get /cart',
    service: 'front-end',
    spans: 4,
    services: ['front-end'],
    errors: 0,
    state: 'finished',
    ...summary,
  };
}
