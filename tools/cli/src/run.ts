import { type CommandLine, parse, unknown } from './command-line.ts';
import { CommandError, UsageError } from './errors.ts';
import { described, help, usage } from './help.ts';
import type { Options, Values } from './option.ts';

/** A command that can be run; made by `command`. */
export interface Command {
  readonly line: CommandLine;
  /** @throws UsageError before anything is done */
  run(argv: readonly string[]): Promise<number>;
}

/** The commands of a program whose first word names one. */
export interface Program {
  readonly commands: Readonly<Record<string, Command>>;
  readonly notes?: string;
}

/** Ties a command line to what it starts, which returns the exit code. */
export function command<O extends Options>(
  line: CommandLine<O>,
  work: (values: Values<O>, operands: readonly string[]) => Promise<number>,
): Command {
  return {
    line,
    run: async (argv) => {
      const given = parse(line, argv);
      if (given) return work(given.values, given.operands);
      console.log(help(line));
      return 0;
    },
  };
}

/**
 * Runs what the command line asks for and returns the exit code: 2 for a wrong command line, 1 for anything else that fails, each with a
 * message.
 */
export async function run(
  what: Command | Program,
  argv: readonly string[] = process.argv.slice(2),
): Promise<number> {
  let lines = 'line' in what ? [what.line] : Object.values(what.commands).map(({ line }) => line);
  try {
    if ('line' in what) return await what.run(argv);
    const [name = '', ...rest] = argv;
    if (['--help', '-h'].includes(name)) {
      console.log(overview(what));
      return 0;
    }
    const names = Object.keys(what.commands);
    const chosen = Object.hasOwn(what.commands, name) ? what.commands[name] : undefined;
    if (!chosen)
      throw name === ''
        ? new UsageError(`give a command: ${names.join(', ')}`)
        : unknown('command', name, names);
    lines = [chosen.line];
    return await chosen.run(rest);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(
        [error.message, '', ...lines.map(usage), '', '--help lists the options.'].join('\n'),
      );
      return 2;
    }
    console.error(error instanceof CommandError ? error.message : error);
    return 1;
  }
}

function overview({ commands, notes }: Program): string {
  const rows = Object.values(commands).map(({ line }) => [usage(line), line.about] as const);
  const more = 'Each command lists its options with --help.';
  return [described(rows), more, ...(notes === undefined ? [] : [notes])].join('\n\n');
}
