import type { LoadResult } from './load.ts';
import { CheckFailedError } from './report.ts';

/** Fewer requests would say nothing. */
const LEAST_REQUESTS = 100;

/** What was done under load, without a failed request. */
export function lossless(what: string, result: LoadResult): string[] {
  const { requests, failed, orders, seconds, p95Ms, failures } = result;
  const line = `${what}: ${failed} of ${requests} requests failed, ${orders} orders, 95 % within ${Math.round(p95Ms)} ms, ${Math.round(seconds)} s`;
  if (failed > 0) throw new CheckFailedError([line, ...failures]);
  if (requests < LEAST_REQUESTS) throw new CheckFailedError([line, 'too few requests']);
  return [line];
}
