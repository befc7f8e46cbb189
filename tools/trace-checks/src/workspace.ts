import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Mutant, NamedTest } from './check.ts';

export const ROOT = join(import.meta.dirname, '../../..');

/** The package of a file: `libs/tracing/src/b3.ts` is in `libs/tracing`, `e2e/test/x.ts` in `e2e`. */
export function packageOf(file: string): string {
  return file.slice(0, /\/(src|test)\//.exec(file)?.index);
}

/** Sources of ours by their path from the top folder. */
export function sources(root = ROOT): ReadonlyMap<string, string> {
  const files = globSync('{libs,services}/*/src/**/*.ts', { cwd: root });
  return new Map(
    files.map((file) => [file.split(sep).join('/'), readFileSync(join(root, file), 'utf8')]),
  );
}

/**
 * The file with the line that a mutant changes.
 * @throws Error unless the text occurs exactly once.
 */
export function fileOf({ find }: Mutant, among: ReadonlyMap<string, string>): string {
  const files = [...among].flatMap(([file, text]) =>
    Array<string>(text.split(find).length - 1).fill(file),
  );
  const [file] = files;
  if (file !== undefined && files.length === 1) return file;
  const where = files.length === 0 ? 'nowhere' : `${files.length} times: ${files.join(', ')}`;
  throw new Error(`a mutant's text must occur once and occurs ${where}: ${find}`);
}

/** Whether the suite has a test of that title. */
export function hasTest({ file, title }: NamedTest, root = ROOT): boolean {
  const text = readFileSync(join(root, file), 'utf8');
  return ["'", '"', '`'].some((quote) => text.includes(`${quote}${title}${quote}`));
}

/** Matches the whole names of the tests that `it` or `it.each` makes of a title. */
export function patternOf(title: string): string {
  const literal = title.split(/%[sdijpo#]|\$\{[^}]*\}|\$\w+/).map((part) => RegExp.escape(part));
  return literal.join('.*');
}
