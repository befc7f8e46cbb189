import { CommandError, UsageError } from '@sockshop/cli';
import { OwnShop, type OwnShopOptions } from '@sockshop/measure';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECK, type CheckOptions, JOURNEY_NAMES } from './check-options.ts';
import { type Verdict, verdictOn, writeGolden } from './golden.ts';
import { JOURNEYS } from './journeys.ts';
import { OUTAGE_SETTINGS, OUTAGES, outages } from './outages.ts';
import { type RecordedJourney, recordedRun } from './recorded-run.ts';

/** The exit code: 1 when a trace has not the shape of its golden file. */
export async function check(options: CheckOptions): Promise<number> {
  const wanted = wantedOf(options);
  const recorded =
    options.url === undefined ? await ofOwnShop(options, wanted) : await ofRunning(options, wanted);
  if (options.record !== undefined)
    writeFileSync(options.record, JSON.stringify(recorded.flatMap(({ rounds }) => rounds.flat())));
  if (options.update === true) {
    recorded.forEach(writeGolden);
    console.log(`wrote ${recorded.length} golden files`);
    return 0;
  }
  return report(
    recorded.map(verdictOn),
    wanted.filter((name) => !recorded.some(({ journey }) => journey === name)),
  );
}

function wantedOf({ journeys }: CheckOptions): readonly string[] {
  const names = journeys === undefined ? JOURNEY_NAMES : journeys.split(',');
  const unknown = names.find((name) => !JOURNEY_NAMES.includes(name));
  if (unknown !== undefined)
    throw new UsageError(
      `no journey is named '${unknown}'. There are ${JOURNEY_NAMES.join(', ')}.`,
      CHECK.createHelp().commandUsage(CHECK),
    );
  return names;
}

async function ofRunning(
  { url = '', zipkin, times }: CheckOptions,
  wanted: readonly string[],
): Promise<RecordedJourney[]> {
  if (zipkin === undefined)
    throw new CommandError('--url needs --zipkin: where the traces of that shop are.');
  const at = { url: url.replace(/\/$/, ''), tracesUrl: zipkin.replace(/\/$/, '') };
  return recordedRun(at, journeysOf(wanted), { times, say });
}

async function ofOwnShop(
  { way, times }: CheckOptions,
  wanted: readonly string[],
): Promise<RecordedJourney[]> {
  const dir = mkdtempSync(join(tmpdir(), 'sock-shop-traces-'));
  const start: OwnShopOptions = { way, dir, env: OUTAGE_SETTINGS };
  let shop: OwnShop | undefined;
  try {
    shop = await OwnShop.start(start);
    const recorded = await recordedRun(shop, journeysOf(wanted), { times, say });
    if (!OUTAGES.some((name) => wanted.includes(name))) return recorded;
    const broken = await outages(shop, start);
    shop = broken.shop;
    return [...recorded, ...broken.journeys.filter(({ journey }) => wanted.includes(journey))];
  } finally {
    await shop?.stop();
    rmSync(dir, { recursive: true });
  }
}

function journeysOf(wanted: readonly string[]) {
  return JOURNEYS.filter(({ name }) => wanted.includes(name));
}

function report(verdicts: readonly Verdict[], leftOut: readonly string[]): number {
  for (const { journey, differences } of verdicts) {
    console.log(`${journey}: ${differences.length === 0 ? 'as its golden file' : 'differs'}`);
    for (const { words } of differences) console.log(`  ${words}`);
  }
  if (leftOut.length > 0)
    console.log(`not done, as nothing in this shop can be ended for them: ${leftOut.join(', ')}`);
  const differing = verdicts.filter(({ differences }) => differences.length > 0).length;
  console.log(
    differing === 0 ? 'All traces have their shape.' : `${differing} journeys have another shape.`,
  );
  return differing === 0 ? 0 : 1;
}

function say(line: string): void {
  console.log(`  ${line}`);
}
