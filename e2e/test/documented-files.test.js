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
function filesNamedIn(document) {
    const text = readFileSync(join(ROOT, document), 'utf8').replaceAll(/^```.*?^```$/gms, '');
    const marked = [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) => code.match(PATH) ?? []);
    const linked = [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, path = '']) => path);
    return [...new Set([...marked, ...linked])].filter((path) => !NOT_THERE.test(path));
}
describe('a document names only files that are there', () => {
    it.each(DOCUMENTS)('%s', (document) => {
        const places = [dirname(document), '.'];
        const missing = filesNamedIn(document).filter((path) => !places.some((place) => existsSync(join(ROOT, place, path))));
        expect(missing).toEqual([]);
    });
});
/** The words of the first cell, and the last cell, of each row of a table whose header begins with "Changed". */
function changesIn(document) {
    const tables = readFileSync(join(ROOT, document), 'utf8').matchAll(/^\| Changed .*\| Why +\|\n.*\n((?:\|.*\n)+)/gm);
    return [...tables].flatMap(([, rows = '']) => rows
        .trim()
        .split('\n')
        .map((row) => {
        const cells = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
        return [cells.slice(0, -2).join(' | '), cells.at(-2) ?? ''];
    }));
}
describe('docs/compatibility.md', () => {
    it('gives a reason for each difference', () => {
        const text = readFileSync(join(ROOT, 'docs/compatibility.md'), 'utf8');
        const changes = changesIn('docs/compatibility.md');
        expect(text.match(/^\| Changed /gm)?.length).toBe(text.match(/^\| Changed .*\| Why +\|$/gm)?.length);
        expect(changes.length).toBeGreaterThan(100);
        expect(changes.filter(([, why]) => why === '')).toEqual([]);
    });
});
//# sourceMappingURL=documented-files.test.js.map