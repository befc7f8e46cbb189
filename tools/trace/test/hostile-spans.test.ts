import { describe, expect, it } from '@jest/globals';
import { lintSpans } from '../src/lint-spans.ts';
import { readSpansOfText } from '../src/read-spans.ts';
import { reportText } from '../src/report-text.ts';
import type { Span } from '../src/span.ts';
import { aShopRun, asOtlp, asZipkin, hex } from './a-shop-run.ts';

const VALUES = [
  null,
  0,
  -1,
  1e300,
  '',
  '\u0000\u001b[31m',
  'x'.repeat(100_000),
  '__proto__',
  [],
  {},
  [[]],
  true,
];

describe('hostile spans', () => {
  it.each([
    ['zipkin', asZipkin],
    ['otlp', asOtlp],
  ])('do not stop the linter: any field of any type (%s)', async (form, write) => {
    const fields = [
      'traceId',
      'name',
      'kind',
      'attributes',
      'tags',
      'events',
      'annotations',
      'links',
      'status',
      'flags',
    ];
    const all = [
      ...fields,
      'id',
      'spanId',
      'parentId',
      'parentSpanId',
      'timestamp',
      'duration',
      'startTimeUnixNano',
      'localEndpoint',
    ];
    for (const field of all)
      for (const value of VALUES) {
        const run = aShopRun();
        for (const draft of run.slice(2, 5))
          draft[form === 'zipkin' ? 'zipkin' : 'otlp'] = { [field]: value };
        expect(reportText(lintSpans(await readSpansOfText(write(run))))).not.toContain('\u001b');
      }
  });

  it('do not stop it: any attribute of any type', async () => {
    const names = Object.keys(
      Object.assign({}, ...aShopRun().map(({ attributes }) => attributes)) as object,
    );
    for (const name of [...names, '__proto__', 'constructor', 'error', 'otel.status_code', ''])
      for (const value of VALUES) {
        const run = aShopRun();
        for (const draft of run) draft.zipkin = { tags: { ...draft.attributes, [name]: value } };
        expect(lintSpans(await readSpansOfText(asZipkin(run))).spans).toBe(run.length);
      }
  });

  it.each<[string, (at: number, count: number) => Partial<Span>]>([
    ['a chain', (at) => ({ id: id(at), parentId: at === 0 ? undefined : id(at - 1) })],
    ['a ring', (at, count) => ({ id: id(at), parentId: id((at + 1) % count) })],
    ['children of one parent', (at) => ({ id: id(at), parentId: at === 0 ? undefined : id(0) })],
    ['orphans', (at) => ({ id: id(at), parentId: id(at + 1e6) })],
    ['roots', (at) => ({ id: id(at), parentId: undefined })],
    ['spans of one id', () => ({ id: id(1), parentId: undefined })],
    [
      'servers of one id',
      (at) => ({ id: id(1), parentId: undefined, kind: 'SERVER', shared: true, service: `s${at}` }),
    ],
    [
      'calls without servers',
      (at) => ({
        id: id(at),
        parentId: at === 0 ? undefined : id(0),
        kind: at % 2 === 0 ? 'SERVER' : 'CLIENT',
        status: 'ERROR',
        attributes: { 'service.peer.name': 'carts', 'url.full': 'http://carts/' },
      }),
    ],
    [
      'names',
      (at) => ({
        id: id(at),
        parentId: id(0),
        name: `step ${hex(String(at), 16)}`,
        service: `s${at}`,
      }),
    ],
    [
      'clocks',
      (at) => ({
        id: id(at),
        parentId: at === 0 ? undefined : id(at - 1),
        kind: at % 2 === 0 ? 'CLIENT' : 'SERVER',
        service: `s${at}`,
        startUs: 1.7e15 - at * 1e6,
      }),
    ],
  ])('of one trace take linear time: %s', async (_, make) => {
    const [span] = await readSpansOfText(asZipkin(aShopRun().slice(0, 1)));
    const spans = (count: number): Span[] =>
      Array.from({ length: count }, (_, at) => ({ ...span!, ...make(at, count) }));
    const steps = (count: number): number => {
      const started = process.cpuUsage();
      expect(lintSpans(spans(count)).spans).toBe(count);
      return process.cpuUsage(started).user;
    };
    steps(1000);
    // Ten times as many spans would take a hundred times as long if each were compared with each.
    expect(steps(15_000) / Math.max(steps(1500), 20_000)).toBeLessThan(40);
  });
});

function id(at: number): string {
  return (at + 1).toString(16).padStart(16, '0');
}
