import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { StandIn } from '@sockshop/testing';
import { setTimeout } from 'node:timers/promises';
import { findCapacity } from '../src/find-capacity.ts';
import { LOAD, loadOptions } from '../src/options.ts';

jest.setTimeout(120_000); // for a busy machine

/** A shop that serves one request after the other, each in some ms. */
function slowly(ms: number): Promise<StandIn> {
  let turn: Promise<unknown> = Promise.resolve();
  return StandIn.start(async ({ path }) => {
    turn = turn.then(() => setTimeout(ms)); // the work that limits it
    await turn;
    if (path === '/catalogue') return { status: 200, body: [{ id: 'one' }] };
    return path.startsWith('/catalogue/') ? { status: 200, body: { id: 'one' } } : { status: 200 };
  });
}

describe('the search for the capacity', () => {
  let shop: StandIn;
  afterEach(() => shop.close());

  async function search(...args: string[]) {
    const argv = ['--url', shop.url, '--think', '0', '--journeys', 'compare', '--seed', '1'];
    const options = loadOptions(
      LOAD.parse([...argv, ...args], { from: 'user' }).opts(),
      undefined,
      true,
    );
    let out = '';
    const screen = { write: (text: string) => (out += text) };
    const signals = { stop: new AbortController().signal, cut: new AbortController().signal };
    const found = await findCapacity(
      options,
      { first: 4, stepMs: 500, dir: undefined },
      screen,
      signals,
    );
    return { found, out };
  }

  it('steps the rate up until the promise breaks, narrows, and names the knee', async () => {
    shop = await slowly(5);
    const { found, out } = await search('--p95', '150ms');
    expect(found).toBe(true);
    const [, knee] = /^knee +([\d.]+) visits\/s/m.exec(out) ?? [];
    const [, broken] = /^broken at +([\d.]+) visits\/s: p95 [\d.]+ ms, at most 150 ms$/m.exec(out)!;
    expect(Number(broken) / Number(knee)).toBeLessThanOrEqual(1.11);
    expect(Number(knee)).toBeGreaterThanOrEqual(4);
    expect(Number(broken)).toBeLessThan(100); // 200 requests a second at the very most
    expect(out).toMatch(/^saturated +unknown: no state\.json /m);
    expect(out.split('\n').filter((line) => line.includes('BROKEN')).length).toBeGreaterThan(1);
  });

  it('finds none where the shop never holds it, and needs a promise', async () => {
    shop = await slowly(30);
    const { found, out } = await search('--p95', '1ms');
    expect(found).toBe(false);
    expect(out).toMatch(/^knee +none found$/m);
    await expect(search()).rejects.toThrow('Give the promise that is to hold, such as --p95 200ms');
  });
});
