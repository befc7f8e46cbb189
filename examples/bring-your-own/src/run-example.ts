import { CommandError } from '@sockshop/cli';
import { startTraceStore } from '@sockshop/embedded/trace-store';
import { OwnShop } from '@sockshop/measure';
import { buildCollector } from '@sockshop/servers';
import { tracingConfig } from '@sockshop/tracing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startCollector } from './collector.ts';
import { kept, keptOf } from './kept-traces.ts';
import type { BringYourOwnOptions } from './options.ts';

const DECISION_S = 3;
/** In ms, after the decision: for the batches on the way. */
const ARRIVAL_MS = 30_000;

/** Starts all, shops, counts, and ends all again. */
export async function runExample(options: BringYourOwnOptions): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'bring-your-own-'));
  const ends: (() => unknown)[] = [() => rm(dir, { recursive: true })];
  try {
    await example(options, dir, (end) => ends.unshift(end));
  } finally {
    for (const end of ends) await end();
  }
}

async function example(
  { requests, errors }: BringYourOwnOptions,
  dir: string,
  atEnd: (end: () => unknown) => void,
): Promise<void> {
  const program = process.env['COLLECTOR'] ?? (await buildCollector(console.log));
  const zipkin = tracingConfig(process.env).zipkinUrl ?? (await ownTraceStore(atEnd));
  const env = { ZIPKIN_SPANS: zipkin, DECISION_WAIT: `${DECISION_S}s` };
  const collector = await startCollector({ program, dir, target: 'zipkin', env });
  atEnd(() => collector.stop());
  const shop = await OwnShop.start({ way: 'embedded', dir, env: { ZIPKIN: collector.zipkin } });
  atEnd(() => shop.stop());

  const fine = await made(shop.url, '/catalogue', requests);
  const failed = await made(shop.url, '/catalogue/no-such-sock', errors);
  console.log(
    `${requests + errors} requests; the Collector decides ${DECISION_S} s after a trace's first span`,
  );
  const last = failed.at(-1) ?? '';
  await kept(zipkin, last, DECISION_S * 1000 + ARRIVAL_MS);
  await pause(1000); // the batch that the last decision is in

  const rows = [
    ['with an error', failed],
    ['without', fine],
  ] as const;
  for (const [name, ids] of rows)
    console.log(`${name.padEnd(15)}${ids.length} made, ${await keptOf(zipkin, ids)} kept`);
}

/** The ids of the traces of so many requests. */
async function made(url: string, path: string, requests: number): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < requests; at++) {
    const response = await fetch(new URL(path, url));
    await response.arrayBuffer();
    const id = response.headers.get('x-trace-id');
    if (id === null) throw new CommandError(`GET ${path} has no x-trace-id`);
    ids.push(id);
  }
  return ids;
}

async function ownTraceStore(atEnd: (end: () => unknown) => void): Promise<string> {
  const store = await startTraceStore({ port: 0 });
  atEnd(() => store.close());
  return `${store.url}/api/v2/spans`;
}
