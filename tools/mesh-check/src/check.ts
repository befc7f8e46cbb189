import { aligned, CommandError, run } from '@sockshop/cli';
import { keepPrivate } from '@sockshop/supervisor';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckedShop } from './checked-shop.ts';
import type { Figure } from './figures.ts';
import { imageCheck } from './image-check.ts';
import { CHECK, type PartName, PARTS } from './options.ts';
import { limitCheck, outlierCheck, rollingCheck } from './pressure-checks.ts';
import { abCheck, autoCheck, canaryCheck } from './split-checks.ts';

type Check = (shop: CheckedShop, quick: boolean) => Promise<Figure[]>;

const CHECKS: Readonly<Record<PartName, { readonly about: string; readonly check: Check }>> = {
  canary: { about: 'orders v2: 10 %, 50 %, all, v1 removed', check: canaryCheck },
  auto: { about: 'a canary that steps by itself', check: autoCheck },
  ab: { about: 'front-end: one version for a cookie, one for all others', check: abCheck },
  limit: { about: 'front-end: 100/s of one client, 300/s offered', check: limitCheck },
  outlier: { about: 'orders: one of three instances fails', check: outlierCheck },
  image: { about: 'orders v2 as containers of an image', check: imageCheck },
  rolling: { about: 'scale and upgrade under 20 shoppers', check: rollingCheck },
};

CHECK.action(async ({ quick = false, only = PARTS }) => {
  const dir = mkdtempSync(join(tmpdir(), 'mesh-check-'));
  const shop = new CheckedShop(dir);
  let wrong = 0;
  try {
    await shop.ready();
    for (const name of only) wrong += await printed(name, shop, quick);
  } catch (error) {
    throw new CommandError(
      `${error instanceof Error ? error.message : String(error)}\nLogs: ${dir}`,
      {
        cause: error,
      },
    );
  } finally {
    await shop.stop();
  }
  if (wrong > 0) throw new CommandError(`${wrong} figures are not what they must be. Logs: ${dir}`);
  rmSync(dir, { recursive: true });
  console.log('All figures are as they must be.');
});
keepPrivate();
await run(CHECK);
process.exit();

/** Returns the number of figures that are wrong. */
async function printed(name: PartName, shop: CheckedShop, quick: boolean): Promise<number> {
  const { about, check } = CHECKS[name];
  const from = performance.now();
  const figures = await check(shop, quick);
  const rows = figures.map(({ what, value, right }) => [`  ${what}`, right ? '' : 'WRONG', value]);
  console.log(`${name}: ${about} (${((performance.now() - from) / 1000).toFixed(0)} s)`);
  console.log(`${aligned(rows, 3)}\n`);
  return figures.filter(({ right }) => !right).length;
}
