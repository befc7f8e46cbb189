import { describe, expect, it } from '@jest/globals';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './workspace-process.ts';

const DOCUMENTS = globSync('**/*.md', {
  cwd: ROOT,
  exclude: (name) => /(^|\/)(node_modules|dist|\..+)$/.test(name),
}).sort();
/** Such as `e2e/test/journey.ts`; `*`, `NAME` and `<id>` stand for something else. */
const PATH = /(?<![\w@:/.<*-])(?:[\w.-]+\/)+[\w.-]+\.(?:ts|tsx|mjs|go|md|yaml|json|sql)(?![\w/*])/g;
/** What is built, and what the guide to a new service creates. */
const NOT_THERE = /(^|\/)(dist|reviews(\.yaml)?|node_modules)(\/|$)|NAME/;

/** The files that a document names as code or links to. */
function filesNamedIn(document: string): string[] {
  const text = readFileSync(join(ROOT, document), 'utf8').replaceAll(/^```.*?^```$/gms, '');
  const marked = [...text.matchAll(/`([^`\n]+)`/g)].flatMap(
    ([, code = '']) => code.match(PATH) ?? [],
  );
  const linked = [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, path = '']) => path);
  return [...new Set([...marked, ...linked])].filter((path) => !NOT_THERE.test(path));
}

describe('a document names only files that are there', () => {
  it.each(DOCUMENTS)('%s', (document) => {
    const places = [dirname(document), '.'];
    const missing = filesNamedIn(document).filter(
      (path) => !places.some((place) => existsSync(join(ROOT, place, path))),
    );
    expect(missing).toEqual([]);
  });
});
