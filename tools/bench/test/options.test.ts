import { beforeEach, describe, expect, it } from '@jest/globals';
import { BENCH, benchOptions, type BenchOptions } from '../src/options.ts';

let parsed: BenchOptions | undefined;
BENCH.action((values) => {
  parsed = benchOptions(values);
});
beforeEach(() => {
  parsed = undefined;
});

function options(...words: string[]): BenchOptions {
  BENCH.parse(words, { from: 'user' });
  return parsed!;
}

describe('npm run bench', () => {
  it('measures everything in three rounds, or as many as a quarter of an hour allows', () => {
    expect(options()).toMatchObject({
      connections: [1, 10, 50, 200],
      ways: ['embedded', 'distributed'],
      tracing: ['on', 'off'],
      rounds: 3,
      within: 15,
      seconds: 1,
      growth: false,
    });
  });

  it('is quick with three journeys in one round', () => {
    expect(options('--quick')).toMatchObject({
      journeys: ['catalogue', 'home', 'order'],
      connections: [10],
      tracing: ['on'],
      rounds: 1,
    });
  });

  it('takes what is given beside --quick', () => {
    expect(options('--quick', '--journeys', 'tags', '--rounds', '4')).toMatchObject({
      journeys: ['tags'],
      rounds: 4,
      connections: [10],
    });
  });

  it('takes a word of a list once', () => {
    expect(options('--journeys', 'home,home,tags').journeys).toEqual(['home', 'tags']);
    expect(options('--connections', '5,5').connections).toEqual([5]);
  });

  it.each([
    [['--journeys', 'hoem'], /Give some of catalogue, sock/],
    [['--journeys', ''], /Give some of/],
    [['--ways', 'kubernetes'], /Give some of embedded, distributed/],
    [['--tracing', '50'], /Give some of on, off/],
    [['--connections', '0'], /whole number from 1 to 1000/],
    [['--connections', '10,'], /whole number from 1 to 1000/],
    [['--rounds', '0'], /whole number from 1 to 100/],
    [['--within', 'an hour'], /whole number from 1 to 10000/],
    [['--seconds', '1.5'], /whole number from 1 to 600/],
    [['--json', ''], /Give a path/],
    [['--from', 'a.json', '--growth'], /cannot be used with/],
    [['--fast'], /unknown option/],
  ])('refuses %j', (words, message) => {
    expect(() => options(...words)).toThrow(message);
  });
});
