import { describe, expect, it } from '@jest/globals';
import { parse, UsageError } from '@sockshop/cli';
import { LOAD, loadOptions } from '../src/options.ts';

const read = (...argv: string[]) => loadOptions(parse(LOAD, argv)!.values);

describe('the command line', () => {
  it('defaults to ten shoppers on this machine, until stopped', () => {
    expect(read()).toEqual({
      url: new URL('http://localhost:8080'),
      shoppers: 10,
      sharedUser: false,
      think: { meanMs: 150 },
      richShare: 0.1,
      seed: expect.any(Number),
    });
  });

  it('takes every option', () => {
    const line =
      '--url https://shop.example/socks --shoppers 250 --duration 1.5m --shared-user --think 100ms..2s ' +
      '--rich 0 --seed 42 --json /tmp/out.json';
    expect(read(...line.split(' '))).toEqual({
      url: new URL('https://shop.example/socks'),
      shoppers: 250,
      durationMs: 90_000,
      sharedUser: true,
      think: { minMs: 100, maxMs: 2000 },
      richShare: 0,
      seed: 42,
      jsonFile: '/tmp/out.json',
    });
  });

  it.each([
    ['0', { meanMs: 0 }],
    ['1s', { meanMs: 1000 }],
    ['0..2s', { minMs: 0, maxMs: 2000 }],
  ])('reads --think %s', (text, think) => {
    expect(read('--think', text)).toMatchObject({ think });
  });

  it.each([
    ['--shoppers 0', '--shoppers 0: give a whole number from 1 to 10000'],
    ['--shoppers ten', '--shoppers ten: give a whole number from 1 to 10000'],
    ['--duration 60', '--duration 60: give a time with its unit up to 24d, such as 60s or 5m'],
    ['--duration 25d', '--duration 25d: give a time with its unit up to 24d, such as 60s or 5m'],
    ['--think 2s..1s', '--think 2s..1s: give 0, a mean such as 150ms, or a range such as 0..2s'],
    ['--think 1s..', '--think 1s..: give 0, a mean such as 150ms, or a range such as 0..2s'],
    ['--rich 2', '--rich 2: give a share from 0 to 1, such as 0.1'],
    ['--url shop', '--url shop: give an http or https URL, such as http://localhost:8080'],
    ['--json=', '--json: give a path'],
    ['--nosuch', 'no option --nosuch'],
    ['--seed', '--seed needs a value'],
  ])('refuses %s', (line, message) => {
    const reading = () => read(...line.split(' '));
    expect(reading).toThrow(UsageError);
    expect(reading).toThrow(message);
  });
});
