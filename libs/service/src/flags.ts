import { diff } from 'node:util';

/** The command line is wrong: the process stops at start with code 2. The message names the flag and, where there is one, what was meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Not an error: the command line asks for the flags, which the message lists. */
export class HelpRequest extends Error {
  override readonly name = 'HelpRequest';
}

/** Flag name to variable name. */
export type Flags = Readonly<Record<string, string>>;

/** Flags that several of the original's services took, with the variable each stands for. */
export const COMMON_FLAGS: Flags = { port: 'PORT', zipkin: 'ZIPKIN' };

/** In the forms of the original's deploy files: `-port=80`, `--port=80`, and `-port 80` in two words. */
const FLAG = /^--?([A-Za-z][\w.-]*)(?:=(.*))?$/s;

/** The variables that the flags stand for, with the flags' values. @throws UsageError for what is not in `known`, HelpRequest */
export function flagValues(argv: readonly string[], known: Flags): Record<string, string> {
  const names = Object.keys(known);
  const values: Record<string, string> = {};
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const [, name = '', glued] = FLAG.exec(word) ?? [];
    if (name === 'h' || name === 'help') throw new HelpRequest(listed(names));
    const variable = names.includes(name) ? known[name] : undefined;
    if (variable === undefined) throw new UsageError(`unknown ${word}; ${meant(name, names)}`);
    const separate = glued === undefined && !FLAG.test(words[0] ?? '-') ? words.shift() : undefined;
    const value = glued ?? separate;
    if (value === undefined) throw new UsageError(`-${name} has no value`);
    values[variable] = value;
  }
  return values;
}

function meant(name: string, names: readonly string[]): string {
  const near = names
    .map((each) => ({ each, edits: editsBetween(name.toLowerCase(), each.toLowerCase()) }))
    .sort((one, other) => one.edits - other.edits)
    .find(({ each, edits }) => edits <= each.length / 2);
  return near ? `did you mean -${near.each}?` : `the flags are ${listed(names)}`;
}

/** How many letters must be inserted or removed to make one word the other. */
function editsBetween(from: string, to: string): number {
  return diff(from, to).filter(([operation]) => operation !== 0).length;
}

function listed(names: readonly string[]): string {
  return names.map((name) => `-${name}`).join(', ');
}
