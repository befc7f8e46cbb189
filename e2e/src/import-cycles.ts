import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const NOT_SOURCE = /(^|\/)(node_modules|dist|\.nx|\.sockshop)$/;
const IMPORT = /\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g;

/** Returns the cycles of source files under `root` that import each other. Type imports count: such files belong together. */
export function importCycles(root: string): string[][] {
  const files = globSync('**/*.{ts,tsx,mjs}', {
    cwd: root,
    exclude: (name) => NOT_SOURCE.test(name),
  });
  const known = new Set(files);
  const cycles: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, importers: readonly string[]): void => {
    const at = importers.indexOf(file);
    if (at >= 0) cycles.push([...importers.slice(at), file]);
    if (at >= 0 || done.has(file) || !known.has(file)) return;
    for (const imported of importsOf(root, file)) visit(imported, [...importers, file]);
    done.add(file);
  };
  for (const file of files.sort()) visit(file, []);
  return cycles;
}

function importsOf(root: string, file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(IMPORT)].map(([, path = '']) => normalize(join(dirname(file), path)));
}
