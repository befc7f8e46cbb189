import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './workspace-process.ts';
/** Reads the table in the docs, so the tests check what readers see. */
export function readMatrix() {
    const text = readFileSync(join(ROOT, 'docs/one-part-down.md'), 'utf8');
    const [head, , ...rows] = text
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .map(cells);
    return rows.map(([route, within, ...answers]) => ({
        route: route.replaceAll('`', ''),
        deadlineMs: Number(within.replace(' s', '')) * 1000,
        answers: new Map(head.slice(2).map((part, index) => [part, answers[index]])),
    }));
}
function cells(line) {
    return line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
}
//# sourceMappingURL=part-matrix.js.map