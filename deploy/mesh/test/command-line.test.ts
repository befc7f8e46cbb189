import { RunningProcess } from '@sockshop/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../dist/main.js');

describe('npm run mesh', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'mesh-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  const mesh = async (line: string): Promise<[number | null, string]> => {
    const run = new RunningProcess([MAIN, ...line.split(' ')]);
    return [await run.ended, run.output];
  };

  it.each([
    [
      'scale socks 3',
      /'socks' is invalid for argument 'service'\. Allowed choices are front-end, /,
    ],
    ['scale orders 0', /Give a whole number from 1 to 20\./],
    ['resize orders', /^error: give --memory, --cpu or both\n\nUsage: npm run mesh -- resize /],
    ['canary orders v2', /^error: give a share such as 10, or --auto\n/],
    ['canary orders v2 101', /Give a percentage from 0 to 100\./],
    ['canary orders v2 10 --auto', /^error: give a share or --auto, not both\n/],
    ['canary orders v2 10 --max-p95 1s', /^error: the options of a promise need --auto\n/],
    ['canary orders v2 --auto --max-error-rate 2', /Give a percentage such as 1% or 0\.5%\./],
    ['canary orders v2 --auto --steps 50,10', /Give rising percentages, such as 10,25,50,100\./],
    [
      'ab front-end v2',
      /^error: give a version with either --cookie or --header, or --off alone\n/,
    ],
    ['ab front-end v2 --cookie b', /Give NAME=VALUE, such as variant=b\./],
    ['limit front-end 100', /Give a rate such as 100\/s, or off\./],
    ['breaker orders --hold 3', /^error: give --errors, --requests or both, or --off alone\n/],
    ['deploy orders --version v2 --set X', /Give VARIABLE=value, such as LOG_LEVEL=debug\./],
    ['deploy orders --version v2 --image -v', /Give the name of an image, such as sock-shop/],
    [
      'upgrade orders --version v2 --image a --dir b',
      /^error: option '--image <NAME>' cannot be used with option '--dir <DIR>'/,
    ],
    ['deploy orders', /^error: required option '--version <VERSION>' not specified\n/],
    [
      'deploy orders --versoin v2',
      /^error: unknown option '--versoin'\n\(Did you mean --version\?\)/,
    ],
    ['scale orders 3 --versoin v2', /\(Did you mean --version\?\)/],
    ['scael orders 3', /\(Did you mean scale\?\)/],
  ])('explains what is wrong with %s', async (line, message) => {
    const [code, output] = await mesh(line);
    expect(output).toMatch(message);
    expect(code).toBe(2);
  });

  it.each(['', '/not-there'])('says that no shop runs in the folder%s', async (below) => {
    expect(await mesh(`status --shop ${dir}${below}`)).toEqual([
      1,
      `No distributed shop runs from ${dir}${below}. Start one: npm run start:distributed\n`,
    ]);
  });
});
