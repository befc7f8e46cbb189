import { describe, expect, it } from '@jest/globals';
import { UsageError } from '@sockshop/cli';
import { LOAD, loadOptions } from '../src/options.ts';

const read = (...argv: string[]) => loadOptions(LOAD.parse(argv, { from: 'user' }).opts());

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
    ['--shoppers <N>', '0', 'Give a whole number from 1 to 10000.'],
    ['--shoppers <N>', 'ten', 'Give a whole number from 1 to 10000.'],
    ['--duration <TIME>', '60', 'Give a time with its unit up to 24d, such as 60s or 5m.'],
    ['--duration <TIME>', '25d', 'Give a time with its unit up to 24d, such as 60s or 5m.'],
    ['--think <TIME>', '2s..1s', 'Give 0, a mean such as 150ms, or a range such as 0..2s.'],
    ['--think <TIME>', '1s..', 'Give 0, a mean such as 150ms, or a range such as 0..2s.'],
    ['--rich <SHARE>', '2', 'Give a share from 0 to 1, such as 0.1.'],
    ['--url <URL>', 'shop', 'Give an http or https URL, such as http://localhost:8080.'],
    ['--json <FILE>', '', 'Give a path.'],
  ])('refuses %s with %j', (option, value, advice) => {
    const reading = () => read(`${option.split(' ')[0]!}=${value}`);
    expect(reading).toThrow(UsageError);
    expect(reading).toThrow(`option '${option}' argument '${value}' is invalid. ${advice}`);
  });

  it.each([
    ['--nosuch', "unknown option '--nosuch'"],
    ['--seed', "option '--seed <N>' argument missing"],
  ])('refuses %s', (line, message) => {
    const reading = () => read(line);
    expect(reading).toThrow(UsageError);
    expect(reading).toThrow(message);
  });
});
