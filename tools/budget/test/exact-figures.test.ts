import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { OwnShop } from '@sockshop/measure';
import { findProgram } from '@sockshop/servers';
import type { WayName } from '@sockshop/supervisor';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUDGETS_FILE, lastChange, readBudgets } from '../src/budgets.ts';
import { countFigures, imageFigures, pageFigures, type Values } from '../src/exact-figures.ts';
import { FIGURES } from '../src/figures.ts';
import { compared } from '../src/report.ts';

jest.setTimeout(300_000);

const programs = [['mariadbd'], ['rabbitmq-server'], ['java'], ['mongod', 'go']];
const found = await Promise.all(programs.map((names) => findProgram(names)));
const withServers = found.every(Boolean) ? it : it.skip;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sock-shop-budget-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** All of what is the same in every run, and each within its budget. */
function expectWithinBudget(values: Values, from: 'images' | WayName): void {
  const names = FIGURES.filter((figure) => figure.exact && figure.from === from);
  expect(Object.keys(values).sort()).toEqual(names.map(({ name }) => name).sort());
  const change = (name: string): string => lastChange(BUDGETS_FILE, name);
  expect(compared(values, readBudgets(BUDGETS_FILE), change).problems).toEqual([]);
}

async function figuresOf(way: WayName, read: (shop: OwnShop) => Promise<Values>): Promise<Values> {
  const shop = await OwnShop.start({ way, dir: folder, env: { SHIPPING_DURATION_MS: '100' } });
  try {
    return await read(shop);
  } finally {
    await shop.stop();
  }
}

describe('within the budget', () => {
  it('are the contents of all images', async () => {
    expectWithinBudget(await imageFigures(join(import.meta.dirname, '../../..')), 'images');
  });

  it('are spans, store commands and calls of an order, and the first page, in one process', async () => {
    const values = await figuresOf('embedded', async (shop) => ({
      ...(await countFigures(shop)),
      ...(await pageFigures(shop.url)),
    }));
    expectWithinBudget(values, 'embedded');
  });

  withServers('are spans, store commands and calls of an order, distributed', async () => {
    expectWithinBudget(await figuresOf('distributed', countFigures), 'distributed');
  });
});
