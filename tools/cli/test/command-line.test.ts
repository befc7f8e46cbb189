import { describe, expect, it } from '@jest/globals';
import { type CommandLine, parse } from '../src/command-line.ts';
import { help } from '../src/help.ts';
import { flag, option, optional, repeatable } from '../src/option.ts';
import { oneOf, path, text, whole } from '../src/readers.ts';

const LINE = {
  call: 'npm run knit --',
  operands: ['PATTERN', '[YARN...]'],
  options: {
    port: option('N', 'the port', whole(0, 65_535), 8080),
    yarnColour: optional('COLOUR', 'what it is knitted from', text, 'by chance'),
    dir: option('DIR', 'where the socks are put', path, '/shop/.socks', '.socks'),
    way: optional('WAY', 'which way', oneOf('knit', 'purl')),
    needle: repeatable('N', 'needles to use', whole(1, 9)),
    reset: flag(
      'deletes all that was knitted before, without a question, and begins with the first row',
    ),
  },
  about: 'Knits socks.',
  notes: 'Ctrl-C stops everything.',
} satisfies CommandLine;
const read = (...argv: string[]) => parse(LINE, ['a', ...argv])?.values;

describe('a command line', () => {
  it('has the values that hold without an option', () => {
    expect(read()).toEqual({
      port: 8080,
      yarnColour: undefined,
      dir: '/shop/.socks',
      way: undefined,
      needle: [],
      reset: false,
    });
  });

  it('has the values that are given, the last one where there are several', () => {
    const argv = '--port 1 --port=0 --yarn-colour red --way purl --needle 1 --needle 2 --reset';
    expect(read(...argv.split(' '), '--dir', '/tmp/../socks')).toEqual({
      port: 0,
      yarnColour: 'red',
      dir: '/socks',
      way: 'purl',
      needle: [1, 2],
      reset: true,
    });
  });

  it('has operands beside its options', () => {
    expect(parse(LINE, ['a', '--reset', 'b', '--', '--c'])?.operands).toEqual(['a', 'b', '--c']);
  });

  it.each([['--help'], ['-h'], ['--port', 'many', '--help']])(
    'asks for help: %s %s %s',
    (...argv) => {
      expect(parse(LINE, argv)).toBeUndefined();
    },
  );

  it.each([
    ['a --prot 1', 'no option --prot; did you mean --port?'],
    ['a --yarn_colour red', 'no option --yarn_colour; did you mean --yarn-colour?'],
    ['a --yarnColour red', 'no option --yarnColour; did you mean --yarn-colour?'],
    ['a --socks', 'no option --socks'],
    ['a -p', 'no option -p'],
    ['a --port', '--port needs a value'],
    ['a --port --reset', '--port needs a value'],
    ['a --reset=yes', '--reset takes no value'],
    ['a --port=-1', '--port -1: give a whole number from 0 to 65535'],
    ['a --port 8080.5', '--port 8080.5: give a whole number from 0 to 65535'],
    ['a --way both', '--way both: give knit or purl'],
    ['a --dir=', '--dir: give a path'],
    ['a --yarn-colour=', '--yarn-colour: give a text that is not empty'],
    ['--reset', 'PATTERN is missing'],
  ])('is wrong: %s', (argv, message) => {
    expect(() => parse(LINE, argv.split(' '))).toThrow(
      expect.objectContaining({ name: 'UsageError', message }),
    );
  });

  it('takes no operands but those it names', () => {
    const line = { ...LINE, operands: ['FILE'] };
    expect(() => parse(line, ['a', 'b', 'c'])).toThrow('too much: b c');
  });
});

describe('the help', () => {
  it('names every option with its value, its meaning and what holds without it', () => {
    expect(help(LINE)).toBe(`npm run knit -- PATTERN [YARN...] [options]

Knits socks.

  --port N              the port (8080)
  --yarn-colour COLOUR  what it is knitted from (by chance)
  --dir DIR             where the socks are put (.socks)
  --way WAY             which way
  --needle N            needles to use
  --reset               deletes all that was knitted before, without a question, and begins with the
                        first row
  --help                this text

Ctrl-C stops everything.`);
  });
});
