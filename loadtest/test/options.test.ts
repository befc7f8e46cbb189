import { describe, expect, it } from '@jest/globals';
import { UsageError } from '@sockshop/cli';
import { USUAL } from '../src/journeys.ts';
import { LOAD, loadOptions } from '../src/options.ts';

const read = (...argv: string[]) => loadOptions(LOAD.parse(argv, { from: 'user' }).opts());

describe('the command line', () => {
  it('defaults to ten shoppers on this machine, until stopped', () => {
    expect(read()).toEqual({
      url: new URL('http://localhost:8080'),
      shoppers: 10,
      sharedUser: false,
      think: { meanMs: 150 },
      mixture: USUAL,
      original: false,
      browsers: 0,
      p95: [],
      seed: expect.any(Number),
    });
  });

  it('takes every option', () => {
    const line =
      '--url https://shop.example/socks --shoppers 250 --duration 1.5m --shared-user --think 100ms..2s ' +
      '--rich 0.2 --seed 42 --json /tmp/out.json --max-error-rate 1.5% --p95 300ms --p95 rich=2s';
    expect(read(...line.split(' '))).toEqual({
      url: new URL('https://shop.example/socks'),
      shoppers: 250,
      durationMs: 90_000,
      sharedUser: true,
      think: { minMs: 100, maxMs: 2000 },
      mixture: { original: 0.8, rich: 0.2 },
      original: false,
      browsers: 0,
      seed: 42,
      jsonFile: '/tmp/out.json',
      maxErrorRate: 0.015,
      p95: [
        { of: undefined, ms: 300 },
        { of: 'rich', ms: 2000 },
      ],
    });
  });

  it.each([
    ['0', { meanMs: 0 }],
    ['1s', { meanMs: 1000 }],
    ['0..2s', { minMs: 0, maxMs: 2000 }],
  ])('reads --think %s', (text, think) => {
    expect(read('--think', text)).toMatchObject({ think });
  });

  it('has at most 500 shoppers at once where they arrive by a rate', () => {
    expect(read('--rate', '90/m')).toMatchObject({
      shoppers: 500,
      phases: { stretches: [{ ms: Infinity, from: 1.5, to: 1.5 }], repeat: false },
      rate: '1.5 visits/s',
    });
    expect(read('--rate', '20', '--shoppers', '30')).toMatchObject({ shoppers: 30 });
  });

  it.each([
    ['buy=5,browse=20', { buy: 5, browse: 20 }],
    ['wrong-password', { 'wrong-password': 1 }],
  ])('reads --journeys %s', (text, mixture) => {
    expect(read('--journeys', text)).toMatchObject({ mixture });
  });

  it.each([
    ['9464', { host: '127.0.0.1', port: 9464 }],
    ['0.0.0.0:9464', { host: '0.0.0.0', port: 9464 }],
    ['[::]:0', { host: '::', port: 0 }],
  ])('reads --metrics-port %s', (text, metrics) => {
    expect(read('--metrics-port', text)).toMatchObject({ metrics });
  });

  it('has the journey of the original alone with --original', () => {
    expect(read('--original')).toMatchObject({ mixture: { original: 1 }, original: true });
  });

  it.each([
    [['--rate', '1/s', '--phases', 'x.yaml'], 'cannot be used with'],
    [['--original', '--journeys', 'buy'], 'cannot be used with'],
    [['--original', '--rich', '1'], 'cannot be used with'],
    [['--journeys', 'buy', '--p95', 'browse=1s'], '--p95: no journey of this run is browse'],
  ])('refuses %j', (words, message) => {
    expect(() => read(...words)).toThrow(message);
  });

  it.each([
    ['--rate <RATE>', '0', 'Give visits per second, minute or hour, such as 20/s or 90/m.'],
    ['--rate <RATE>', '5/d', 'Give visits per second, minute or hour, such as 20/s or 90/m.'],
    ['--metrics-port <PORT>', 'x', 'Give a port from 0 to 65535, or an address and a port.'],
    ['--metrics-port <PORT>', '70000', 'Give a port from 0 to 65535'],
    ['--journeys <LIST>', 'steal=1', 'Give journeys with their weights, such as buy=5,browse=20'],
    ['--journeys <LIST>', 'buy=0', 'Give a weight above 0 to one of them.'],
    ['--max-error-rate <SHARE>', '1', 'Give a share in percent, such as 1%.'],
    ['--p95 <TIME>', 'buy=', 'Give a time such as 300ms, or one of a journey or a route'],
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
