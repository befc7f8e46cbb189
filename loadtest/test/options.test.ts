import { describe, expect, it } from '@jest/globals';
import { parseOptions, UsageError } from '../src/options.ts';

describe('the command line', () => {
  it('defaults to ten shoppers on this machine, until stopped', () => {
    expect(parseOptions([])).toEqual({
      url: new URL('http://localhost:8080'),
      shoppers: 10,
      sharedUser: false,
      think: { meanMs: 150 },
      richShare: 0.1,
      seed: expect.any(Number),
      failOnErrors: false,
    });
  });

  it('takes every option', () => {
    const line =
      '--url https://shop.example/socks --shoppers 250 --duration 1.5m --shared-user --think 100ms..2s ' +
      '--rich 0 --seed 42 --json out.json --fail-on-errors';
    expect(parseOptions(line.split(' '))).toEqual({
      url: new URL('https://shop.example/socks'),
      shoppers: 250,
      durationMs: 90_000,
      sharedUser: true,
      think: { minMs: 100, maxMs: 2000 },
      richShare: 0,
      seed: 42,
      jsonFile: 'out.json',
      failOnErrors: true,
    });
  });

  it.each([
    ['0', { meanMs: 0 }],
    ['1s', { meanMs: 1000 }],
    ['0..2s', { minMs: 0, maxMs: 2000 }],
  ])('reads --think %s', (text, think) => {
    expect(parseOptions(['--think', text])).toMatchObject({ think });
  });

  it('asks for help', () => {
    expect(parseOptions(['--help'])).toBe('help');
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
    ['--json=', '--json: give the name of a file'],
    ['--nosuch', "Unknown option '--nosuch'"],
    ['--seed', "Option '--seed <value>' argument missing"],
  ])('refuses %s', (line, message) => {
    const parse = () => parseOptions(line.split(' '));
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
  });
});
