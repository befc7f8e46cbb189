import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { command, CommandError, Option, run } from '../src/command.ts';
import { path, text, whole } from '../src/readers.ts';

let out: unknown[];
let err: unknown[];
let did: unknown[];
const { exitCode } = process;
beforeEach(() => {
  [out, err, did] = [[], [], []];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(text) > 0);
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(text) > 0);
  jest.spyOn(console, 'error').mockImplementation((text) => void err.push(text));
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = exitCode;
});

/** The exit code. */
async function code(
  program: Parameters<typeof run>[0],
  argv: string[],
): Promise<typeof process.exitCode> {
  process.exitCode = 0;
  await run(program, argv);
  return process.exitCode;
}

const collected = (given: string, before: readonly number[]) => [...before, whole(1, 9)(given)];
/** Whatever terminal runs the tests. */
const width = { getOutHelpWidth: () => 80, getErrHelpWidth: () => 80 };
const KNIT = command('npm run knit --')
  .configureOutput(width)
  .description('Knits socks.')
  .argument('<PATTERN>')
  .argument('[YARN...]')
  .option('--port <N>', 'the port', whole(0, 65_535), 8080)
  .option('--yarn-colour <COLOUR>', 'what it is knitted from', text)
  .addOption(
    new Option('--dir <DIR>', 'where the socks are put')
      .argParser(path)
      .default('/shop/.socks', '.socks'),
  )
  .addOption(new Option('--way <WAY>', 'which way').choices(['knit', 'purl']))
  .addOption(new Option('--needle <N>', 'needles to use').argParser(collected).default([], 'none'))
  .option('--reset', 'deletes all that was knitted before and begins with the first row')
  .addHelpText('after', '\nCtrl-C stops everything.')
  .action((pattern, yarns, values) => void did.push(pattern, yarns, values));

describe('a command line', () => {
  it('has the values that hold without an option', async () => {
    expect(await code(KNIT, ['a'])).toBe(0);
    expect(did).toEqual(['a', [], { port: 8080, dir: '/shop/.socks', needle: [] }]);
  });

  it('has the values that are given, the last one where there are several', async () => {
    const argv =
      'a --port 1 --port=0 --yarn-colour red --way purl --needle 1 --needle 2 --reset --dir /tmp/../socks';
    expect(await code(KNIT, argv.split(' '))).toBe(0);
    expect(did[2]).toEqual({
      port: 0,
      yarnColour: 'red',
      dir: '/socks',
      way: 'purl',
      needle: [1, 2],
      reset: true,
    });
  });

  it('has operands beside its options, and passes on what follows --', async () => {
    expect(await code(KNIT, ['a', '--reset', 'b', '--', '--c', '--help'])).toBe(0);
    expect(did).toMatchObject(['a', ['b', '--c', '--help'], { reset: true }]);
  });

  it.each([['--help'], ['-h'], ['--port', '1', '--help'], ['-h', 'a', '--', '--socks']])(
    'shows the help: %s %s %s',
    async (...argv) => {
      expect(await code(KNIT, argv)).toBe(0);
      expect([did, err]).toEqual([[], []]);
      expect(out.join('')).toBe(`Usage: npm run knit -- [options] <PATTERN> [YARN...]

Knits socks.

Options:
  --port <N>              the port (default: 8080)
  --yarn-colour <COLOUR>  what it is knitted from
  --dir <DIR>             where the socks are put (default: .socks)
  --way <WAY>             which way (choices: "knit", "purl")
  --needle <N>            needles to use (default: none)
  --reset                 deletes all that was knitted before and begins with
                          the first row
  -h, --help              display help for command

Ctrl-C stops everything.
`);
    },
  );

  it.each([
    ['a --prot 1', "unknown option '--prot'\n(Did you mean --port?)"],
    ['a --yarn_colour red', "unknown option '--yarn_colour'\n(Did you mean --yarn-colour?)"],
    ['a --yarnColour red', "unknown option '--yarnColour'\n(Did you mean --yarn-colour?)"],
    ['a --socks', "unknown option '--socks'"],
    ['a -p', "unknown option '-p'"],
    ['a --port', "option '--port <N>' argument missing"],
    ['a --port --reset', invalid('--port <N>', '--reset', 'Give a whole number from 0 to 65535.')],
    ['a --dir --reset', invalid('--dir <DIR>', '--reset', 'Give a path.')],
    [
      'a --yarn-colour --reset',
      invalid('--yarn-colour <COLOUR>', '--reset', 'Give a text that is not empty.'),
    ],
    ['a --reset=yes', "unknown option '--reset=yes'"],
    ['a --port=-1', invalid('--port <N>', '-1', 'Give a whole number from 0 to 65535.')],
    ['a --port 8080.5', invalid('--port <N>', '8080.5', 'Give a whole number from 0 to 65535.')],
    ['a --way both', invalid('--way <WAY>', 'both', 'Allowed choices are knit, purl.')],
    ['a --dir=', invalid('--dir <DIR>', '', 'Give a path.')],
    ['a --yarn-colour=', invalid('--yarn-colour <COLOUR>', '', 'Give a text that is not empty.')],
    ['--port many --help', invalid('--port <N>', 'many', 'Give a whole number from 0 to 65535.')],
    ['a --socks -h', "unknown option '--socks'"],
    ['--reset', "missing required argument 'PATTERN'"],
  ])('is wrong: %s', async (argv, message) => {
    expect(await code(KNIT, argv.split(' '))).toBe(2);
    const usage = 'Usage: npm run knit -- [options] <PATTERN> [YARN...]';
    expect(err).toEqual([`error: ${message}\n\n${usage}\n\n--help lists the options.`]);
    expect([did, out]).toEqual([[], []]);
  });
});

const socks = command('npm run socks --')
  .configureOutput(width)
  .addHelpText('after', '\nWash at 40 °C.');
socks
  .command('list')
  .description('shows the socks')
  .argument('[NAME]')
  .option('--limit <N>', 'at most so many', whole(1, 99), 20)
  .action((name, { limit }) => {
    if (name === 'lost') throw new CommandError('no socks are lost');
    if (name === 'broken') throw new TypeError('a hole');
    did.push({ limit, name });
    process.exitCode = 3;
  });
socks.command('purge').description('throws them out');

const OVERVIEW = `Usage: npm run socks -- [options] [command]

Options:
  -h, --help             display help for command

Commands:
  list [options] [NAME]  shows the socks
  purge                  throws them out

Wash at 40 °C.
`;

describe('a program', () => {
  it('runs the command that is named and keeps its exit code', async () => {
    expect(await code(socks, ['list', 'red', '--limit', '2'])).toBe(3);
    expect(did).toEqual([{ limit: 2, name: 'red' }]);
  });

  it('lists its commands', async () => {
    expect(await code(socks, ['--help'])).toBe(0);
    expect(out.join('')).toBe(OVERVIEW);
  });

  it('lists the options of a command', async () => {
    expect(await code(socks, ['list', '--limit', '3', '--help'])).toBe(0);
    expect(out.join('')).toMatch(/^Usage: npm run socks -- list \[options\] \[NAME\]\n/);
  });

  it('returns 2 without a command and lists them', async () => {
    expect(await code(socks, [])).toBe(2);
    expect(err.join('')).toBe(`${OVERVIEW}\nGive one of these commands.`);
  });

  const PROGRAM = 'npm run socks -- [options] [command]';
  it.each([
    [['lits'], "unknown command 'lits'\n(Did you mean list?)", PROGRAM],
    [['toString'], "unknown command 'toString'", PROGRAM],
    [['lits', '--help'], "unknown command 'lits'", PROGRAM],
    [['help'], "unknown command 'help'", PROGRAM],
    [
      ['list', '--limti', '1'],
      "unknown option '--limti'\n(Did you mean --limit?)",
      'npm run socks -- list [options] [NAME]',
    ],
    [
      ['list', 'a', 'b', 'c'],
      "too many arguments for 'list'. Expected 1 argument but got 3: a, b, c.",
      'npm run socks -- list [options] [NAME]',
    ],
  ])('returns 2 for %j and says how it is used', async (argv, message, usage) => {
    expect(await code(socks, argv)).toBe(2);
    const says = `error: ${message}\n\nUsage: ${usage}\n\n--help lists the options.`;
    expect([out, err]).toEqual([[], [says]]);
  });

  it('returns 1 for what fails: with the message alone where a person can act on it', async () => {
    expect(await code(socks, ['list', 'lost'])).toBe(1);
    expect(await code(socks, ['list', 'broken'])).toBe(1);
    expect(err).toEqual(['no socks are lost', expect.any(TypeError)]);
  });
});

function invalid(option: string, given: string, advice: string): string {
  return `option '${option}' argument '${given}' is invalid. ${advice}`;
}
