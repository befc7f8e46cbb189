import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CommandError } from '../src/errors.ts';
import { option } from '../src/option.ts';
import { whole } from '../src/readers.ts';
import { command, type Program, run } from '../src/run.ts';

let out: unknown[];
let err: unknown[];
beforeEach(() => {
  out = [];
  err = [];
  jest.spyOn(console, 'log').mockImplementation((line) => void out.push(line));
  jest.spyOn(console, 'error').mockImplementation((line) => void err.push(line));
});
afterEach(() => {
  jest.restoreAllMocks();
});

const list = command(
  {
    call: 'npm run socks -- list',
    operands: ['[NAME]'],
    options: { limit: option('N', 'at most so many', whole(1, 99), 20) },
    about: 'shows the socks',
  },
  ({ limit }, [name]) => {
    if (name === 'lost') throw new CommandError('no socks are lost');
    if (name === 'broken') throw new TypeError('a hole');
    out.push({ limit, name });
    return Promise.resolve(3);
  },
);
const purge = command(
  { call: 'npm run socks -- purge', options: {}, about: 'throws them out' },
  () => Promise.resolve(0),
);
const program: Program = { commands: { list, purge }, notes: 'Wash at 40 °C.' };

describe('a program', () => {
  it('runs the command that is named and returns its exit code', async () => {
    expect(await run(program, ['list', 'red', '--limit', '2'])).toBe(3);
    expect(out).toEqual([{ limit: 2, name: 'red' }]);
    expect(await run(purge, [])).toBe(0);
  });

  it('lists its commands', async () => {
    expect(await run(program, ['--help'])).toBe(0);
    expect(out).toEqual([
      `  npm run socks -- list [NAME] [options]  shows the socks
  npm run socks -- purge [options]        throws them out

Each command lists its options with --help.

Wash at 40 °C.`,
    ]);
  });

  it('lists the options of a command', async () => {
    expect(await run(program, ['list', '--help'])).toBe(0);
    expect(out).toEqual([expect.stringMatching(/^npm run socks -- list \[NAME\] \[options\]\n/)]);
  });

  const BOTH = 'npm run socks -- list [NAME] [options]\nnpm run socks -- purge [options]';
  it.each([
    [['lits'], `no command lits; did you mean list?\n\n${BOTH}\n\n--help lists the options.`],
    [['toString'], `no command toString\n\n${BOTH}\n\n--help lists the options.`],
    [[], `give a command: list, purge\n\n${BOTH}\n\n--help lists the options.`],
    [
      ['list', '--limti', '1'],
      'no option --limti; did you mean --limit?\n\nnpm run socks -- list [NAME] [options]\n\n--help lists the options.',
    ],
  ])('returns 2 for %j and says how it is used', async (argv, message) => {
    expect(await run(program, argv)).toBe(2);
    expect([out, err]).toEqual([[], [message]]);
  });

  it('returns 1 for what fails: with the message alone where a person can act on it', async () => {
    expect(await run(program, ['list', 'lost'])).toBe(1);
    expect(await run(program, ['list', 'broken'])).toBe(1);
    expect(err).toEqual(['no socks are lost', expect.any(TypeError)]);
  });
});
