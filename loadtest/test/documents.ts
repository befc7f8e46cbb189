import { documentOf, type RunDocument } from '../src/document.ts';
import { summaryOf } from '../src/summary.ts';
import type { Result } from '../src/tally.ts';
import { Tally } from '../src/tally.ts';
import type { Threshold } from '../src/thresholds.ts';

export function aResult(result: Partial<Result> = {}): Result {
  const usual = {
    journey: 'buy',
    route: 'GET /',
    status: '200',
    outcome: 'ok',
    detail: '',
  } as const;
  return { ...usual, ms: 10, traceId: '', ...result };
}

/** What a generator would write that began at this time and recorded these. */
export function aDocument(
  results: readonly Partial<Result>[],
  { startedAt = '2026-01-01T00:00:00.000Z', thresholds = [] as Threshold[], seed = 1 } = {},
): RunDocument {
  const tally = new Tally(true);
  for (const result of results) tally.record(aResult(result));
  tally.visited('buy', 100, true);
  tally.arrived();
  tally.inShop(1);
  const generator = {
    url: 'http://localhost:8080/',
    shoppers: 10,
    sharedUser: false,
    think: { meanMs: 150 },
    mixture: { buy: 1 },
    original: false,
    rate: null,
    seed,
    startedAt,
  };
  return documentOf([generator], tally, summaryOf(tally, 2000), thresholds);
}
