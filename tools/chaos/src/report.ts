import { aligned } from '@sockshop/cli';
import type { JournalEntry } from '@sockshop/loadtest';
import { nameOf } from './faults.ts';
import type { FaultResult } from './inject.ts';
import { isAcknowledged } from './journal-reader.ts';
import type { Finding, FindingKind } from './reconcile.ts';

const HEAD = [
  'fault',
  'hits',
  'orders',
  'lost',
  'doubled',
  'unshipped',
  'carts',
  'down s',
  'recovery s',
];
const COUNTED: readonly FindingKind[] = ['lost', 'doubled', 'unshipped', 'cart'];

/** A row per fault; what belongs to none of them (before the first, after the last) in a row of its own; sums. */
export function chaosTable(
  results: readonly FaultResult[],
  journal: readonly JournalEntry[],
  findings: readonly Finding[],
): string {
  const acknowledged = journal.filter(isAcknowledged);
  const row = (name: string, hits: string, times: string[], belongs: (at: number) => boolean) => {
    const counted = COUNTED.map(
      (kind) => findings.filter((finding) => finding.kind === kind && belongs(finding.at)).length,
    );
    const orders = acknowledged.filter(({ at }) => belongs(at)).length;
    return [name, hits, String(orders), ...counted.map(String), ...times];
  };
  const during =
    ({ from, to }: FaultResult) =>
    (at: number) =>
      at >= from && at < to;
  const hits = results.reduce((sum, each) => sum + each.hits, 0);
  return aligned([
    HEAD,
    ...results.map((result) => {
      const times = [seconds(result.downMs), seconds(result.recoveryMs)];
      return row(nameOf(result.fault), String(result.hits), times, during(result));
    }),
    row('without a fault', '–', ['–', '–'], (at) => !results.some((each) => during(each)(at))),
    row('together', String(hits), ['', ''], () => true),
  ]);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
