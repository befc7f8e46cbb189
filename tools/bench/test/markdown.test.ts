import { describe, expect, it } from '@jest/globals';
import { format } from 'prettier';
import { markdown } from '../src/markdown.ts';
import { Result } from '../src/result.ts';
import { spreadOf } from '../src/spread.ts';
import { aCell, aResult, aSeries } from './a-result.ts';

/** The cells of the first row of the page that begins with this cell. */
function row(page: string, first: string): string[] {
  const line = page.split('\n').find((each) => each.startsWith(`| ${first} `)) ?? '';
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

describe('the page', () => {
  it('names command, machine and commit', () => {
    const page = markdown(aResult());
    expect(row(page, 'Command')).toEqual(['Command', '`npm run bench -- --rounds 3`']);
    const machine = 'A Processor, 2 cores, 8.0 GiB of memory, Linux 6.1';
    expect(row(page, 'Machine')).toEqual(['Machine', machine]);
    expect(row(page, 'Node')).toEqual(['Node', 'v24.0.0']);
    expect(row(page, 'Commit')).toEqual(['Commit', '`abcdef0123`']);
    expect(row(page, 'Measured')[1]).toBe('2026-01-02 03:04 UTC, in 10 minutes');
  });

  it('has before and now beside each other, and whether the aim is met', () => {
    const order = aCell({ journey: 'order', cpuMs: spreadOf([80]), ratio: spreadOf([1600]) });
    const embedded = aCell({ journey: 'order', way: 'embedded', cpuMs: spreadOf([15]) });
    const page = markdown(aResult({ cells: [aCell(), order, embedded] }));
    expect(row(page, '`GET /catalogue`')).toEqual([
      '`GET /catalogue`',
      '4.4',
      '6.69 (140 times the reference)',
      '**1.30** (26 ×), aim met',
      '4.9',
      '–',
      '≤ 1.5',
    ]);
    expect(row(page, '`DELETE /cart, POST /cart, POST /orders`')).toEqual([
      '`DELETE /cart, POST /cart, POST /orders`',
      '156–172',
      '146 (2927 times)',
      '**80.0** (1600 ×), aim not met',
      '40–48',
      '**15.0** (26 ×), aim met',
      '≤ 55, embedded ≤ 20',
    ]);
  });

  it('compares requests through the router with those past it', () => {
    const through = aCell({ processes: { 'front-end': 0.7, 'edge-router': 0.2 } });
    const past = aCell({ cpuMs: spreadOf([1.1]), p50: spreadOf([9]) });
    const page = markdown(aResult({ cells: [through], direct: [past] }));
    const [, section = ''] = page.split('## The router');
    expect(row(section, '`catalogue`')).toEqual([
      '`catalogue`',
      '10',
      '1.30 (1.20–1.40)',
      '0.20',
      '1.10',
      '11.0',
      '9.00',
    ]);
  });

  it('has each journey with its spread and where the time goes', () => {
    expect(row(markdown(aResult()), '`catalogue`')).toEqual([
      '`catalogue`',
      '10',
      '1.30 (1.20–1.40)',
      '26 ×',
      '850',
      '11.0',
      '21.0',
      '31.0',
      'front-end 0.70, catalogue 0.50, mariadb 0.10',
    ]);
  });

  it('sums the memory of all processes', () => {
    const page = markdown(aResult());
    const [, ...figures] = row(page, 'distributed, tracing on');
    expect(figures).toEqual(['9.0 s', '4.5 s', '60', '80', '120', '140']);
    expect(row(page, 'front-end')).toEqual([
      'front-end',
      '50',
      '60',
      '110',
      '`--max-semi-space-size=1`',
    ]);
    expect(row(page, 'mariadb').at(-1)).toBe('10.11.6-MariaDB');
    expect(page).toContain(
      'The 1 services alone take 50 MiB of PSS idle and 60 MiB after; RSS is 100 and 110 MiB.',
    );
  });

  it('says what tracing costs', () => {
    expect(row(markdown(aResult()), 'distributed').slice(-3)).toEqual(['1000', '850', '15 %']);
  });

  it('names cliffs, and says where there is none', () => {
    const flat = aSeries('flat', { 10: 1, 100: 1 });
    expect(markdown(aResult({ growth: [flat] }))).toContain('There is none.');
    const steep = aSeries('flat', { 10: 1, 100: 9 });
    const page = markdown(aResult({ growth: [flat, steep] }));
    expect(page).toContain('Cliffs: GET /catalogue by socks (embedded).');
    expect(page).toContain('Cliff at 100: 10 times the socks cost 9.0 times as much.');
  });

  it('lists wrong responses', () => {
    const cells = [aCell({ failures: { 'GET /catalogue: status 503': 3 } })];
    const page = markdown(aResult({ cells, errors: ['order: carts did not run all the time'] }));
    expect(page).toContain('- order: carts did not run all the time');
    expect(page).toContain('3 of 2,550 requests and flows failed.');
    expect(page).toContain(
      '- GET /catalogue: status 503, 3 times (catalogue, distributed, 10 connections)',
    );
  });

  it('is formatted, and the same from the JSON of the result', async () => {
    const trace = { calls: 9, storeCommands: 20, messages: 4, bytes: 30_000 };
    const result = aResult({
      cells: [aCell(), aCell({ tracing: 'off' }), aCell({ way: 'embedded', cpuMs: spreadOf([0]) })],
      growth: [aSeries('linear', { 1: 1, 10: 9 })],
      orderTraces: [{ way: 'embedded', lines: 1, spans: 40, ...trace }],
    });
    const page = markdown(result);
    expect(await format(page, { parser: 'markdown' })).toBe(page);
    expect(markdown(Result.parse(JSON.parse(JSON.stringify(result))))).toBe(page);
  });
});
