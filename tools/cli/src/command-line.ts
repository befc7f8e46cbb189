import { parseArgs } from 'node:util';
import { closest } from './closest.ts';
import { UsageError } from './errors.ts';
import type { Options, Values } from './option.ts';

/** What may stand on the command line of one command. */
export interface CommandLine<O extends Options = Options> {
  /** How the command is called, without what follows: `npm run backup --`. */
  readonly call: string;
  /** What stands beside options: `FILE` must, `[QUEUE]` may, `[PATH...]` may any number of times. */
  readonly operands?: readonly string[];
  readonly options: O;
  /** What the command does, in a line. */
  readonly about: string;
  /** What else the help says. */
  readonly notes?: string;
}

interface Given<O extends Options> {
  readonly values: Values<O>;
  readonly operands: readonly string[];
}

/** Undefined where the help is asked for. @throws UsageError */
export function parse<O extends Options>(
  line: CommandLine<O>,
  argv: readonly string[],
): Given<O> | undefined {
  const { texts, operands } = taken(line, argv);
  if (texts.has('help')) return undefined;
  const values = Object.entries(line.options).map(([key, { read }]) => {
    const name = optionName(key);
    const given = texts.get(name) ?? [];
    try {
      return [key, read(given)];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(`${[`--${name}`, ...given].join(' ').trimEnd()}: ${error.message}`, {
        cause: error,
      });
    }
  });
  requireOperands(line.operands ?? [], operands);
  return { values: Object.fromEntries(values) as Values<O>, operands }; // read by the options themselves
}

/** `zipkinPort` is `--zipkin-port`. */
export function optionName(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A sentence about a word that is not known, with the one that was probably meant. */
export function unknown(what: string, word: string, known: readonly string[]): UsageError {
  const meant = closest(word, known);
  return new UsageError(
    `no ${what} ${word}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
  );
}

/** The texts of each option, and all that is none. @throws UsageError for an option that does not exist or lacks its value. */
function taken({ options }: CommandLine, argv: readonly string[]) {
  const takesValue = new Map(
    Object.entries(options).map(([key, { value }]) => [optionName(key), value !== undefined]),
  );
  takesValue.set('help', false);
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false, // our messages are shorter, and say what was meant
    tokens: true,
    options: Object.fromEntries(
      [...takesValue].map(([name, takes]) => [
        name,
        { type: takes ? 'string' : 'boolean', ...(name === 'help' && { short: 'h' }) } as const,
      ]),
    ),
  });
  const texts = new Map<string, string[]>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const takes = takesValue.get(name);
    if (takes === undefined)
      throw unknown(
        'option',
        rawName,
        [...takesValue.keys()].map((each) => `--${each}`),
      );
    if (!takes && value !== undefined) throw new UsageError(`${rawName} takes no value`);
    if (takes && (value === undefined || (!inlineValue && value.startsWith('-'))))
      throw new UsageError(`${rawName} needs a value`);
    texts.set(name, [...(texts.get(name) ?? []), value ?? '']);
  }
  return { texts, operands };
}

function requireOperands(wanted: readonly string[], given: readonly string[]): void {
  const missing = wanted[given.length];
  if (missing !== undefined && !missing.startsWith('['))
    throw new UsageError(`${missing} is missing`);
  const most = wanted.at(-1)?.endsWith('...]') ? Infinity : wanted.length;
  const extra = given.slice(most);
  if (extra.length > 0) throw new UsageError(`too much: ${extra.join(' ')}`);
}
