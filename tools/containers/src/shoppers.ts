import { CommandError } from '@sockshop/cli';
import { ROOT } from '@sockshop/measure';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the load generator writes at its end; the parts that are read here. */
interface Summary {
  readonly requests: { readonly count: number; readonly p95Ms: number };
  readonly ordersPlaced: number;
  readonly errors: number;
  readonly routes: readonly {
    readonly route: string;
    readonly status: string;
    readonly outcome: string;
    readonly count: number;
    readonly detail: string;
    readonly traceId: string;
  }[];
}

/** Lets shoppers, a process of their own, order while `work` is done. They then wait for their last answers, also when it fails. */
export async function whileShopping<T>(
  { url, shoppers }: { readonly url: string; readonly shoppers: number },
  work: () => Promise<T>,
): Promise<{ readonly done: T; readonly summary: Summary }> {
  const dir = mkdtempSync(join(tmpdir(), 'sock-shop-shoppers-'));
  const file = join(dir, 'summary.json');
  const words = ['--url', url, '--shoppers', String(shoppers), '--json', file];
  const generator = spawn(process.execPath, [join(ROOT, 'loadtest/dist/main.js'), ...words], {
    stdio: 'ignore',
  });
  const ended = once(generator, 'exit');
  try {
    const done = await work();
    generator.kill('SIGINT');
    await ended;
    return { done, summary: JSON.parse(readFileSync(file, 'utf8')) as Summary }; // as it writes it
  } finally {
    generator.kill('SIGINT');
    await ended;
    rmSync(dir, { recursive: true });
  }
}

/** @throws CommandError naming what failed */
export function withoutFailure({ requests, ordersPlaced, errors, routes }: Summary): string {
  const counts = `${errors} of ${requests.count} requests failed, ${ordersPlaced} orders, p95 ${requests.p95Ms} ms`;
  if (errors === 0) return counts;
  const failed = routes
    .filter(({ outcome }) => outcome === 'error')
    .map(
      ({ route, status, count, detail, traceId }) =>
        `${count} times ${route} ${status} (${detail}, trace ${traceId})`,
    );
  throw new CommandError(`${counts}: ${failed.join(', ')}`);
}
