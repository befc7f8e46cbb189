import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verdict } from '../src/verdict.ts';
import { ROOT } from './workspace-process.ts';
jest.setTimeout(60_000);
// As built: Jest loads the filter of the second run from there.
const { runJest } = (await import(join(ROOT, 'e2e/dist/jest.js')));
/** Of a suite: how often it has run, this time included. */
const RUN = `
import { appendFileSync, readFileSync } from 'node:fs';
appendFileSync(import.meta.filename + '.runs', '.');
const run = readFileSync(import.meta.filename + '.runs', 'utf8').length;
`;
describe('runJest', () => {
    let root;
    const suite = (name, code) => {
        writeFileSync(join(root, `${name}.test.mjs`), RUN + code);
    };
    const run = (...args) => runJest({ root, env: {}, args, output: 'ignore' });
    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'sock-shop-suites-'));
        mkdirSync(join(root, '.sockshop')); // for Jest's reports
        symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
        writeFileSync(join(root, 'package.json'), '{}');
        writeFileSync(join(root, 'jest.config.mjs'), "export default { testMatch: ['**/*.test.mjs'], transform: {} };");
        suite('steady', "it('holds', () => {});");
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });
    it('counts a test that passes alone as passed, and names it', async () => {
        suite('flaky', "describe('a shop', () => { it('opens', () => { expect(run).toBe(2); }); });");
        expect(await run()).toEqual({
            counts: { passed: 2, failed: 0, skipped: 0 },
            flaky: ['flaky.test.mjs: a shop opens'],
        });
    });
    it('counts a test that fails twice as failed, and runs it no third time', async () => {
        suite('broken', "it('opens', () => { expect(run).toBe(3); });");
        expect(await run()).toEqual({ counts: { passed: 1, failed: 1, skipped: 0 }, flaky: [] });
    });
    it('counts a test that passes among others and fails alone as failed', async () => {
        suite('odd', "it('opens', () => { expect(run).toBe(2); }); it('shuts', () => { expect(run).toBe(1); });");
        expect(await run()).toEqual({
            counts: { passed: 2, failed: 1, skipped: 0 },
            flaky: ['odd.test.mjs: opens'],
        });
    });
    it.each([
        ['once', 'if (run === 1)', { passed: 2, failed: 0, skipped: 0 }, ['loads.test.mjs']],
        ['twice', '', { passed: 1, failed: 1, skipped: 0 }, []],
    ])('treats a suite that cannot be loaded %s like a test', async (_times, when, counts, flaky) => {
        suite('loads', `${when} throw new Error('no'); it('holds', () => {});`);
        expect(await run()).toEqual({ counts, flaky });
    });
    it('keeps to the suites and tests that were asked for, and counts the others of a suite as skipped', async () => {
        suite('flaky', "it('opens', () => { expect(run).toBe(2); }); it('shuts', () => {});");
        suite('broken', "it('opens', () => { expect(run).toBe(3); });");
        expect(await run('flaky', '--testNamePattern=opens')).toEqual({
            counts: { passed: 1, failed: 0, skipped: 1 },
            flaky: ['flaky.test.mjs: opens'],
        });
    });
    it('counts a run that Jest refuses as failed', async () => {
        expect(await run('--projects=none')).toEqual({
            counts: { passed: 0, failed: 1, skipped: 0 },
            flaky: [],
        });
    });
});
describe('the last lines of npm test', () => {
    it('name what passed alone, and the run passes', () => {
        const counts = { passed: 2, failed: 0, skipped: 0 };
        expect(verdict(counts, ['a.test.ts: opens'], true)).toEqual({
            lines: [
                'passed alone, failed among others: a.test.ts: opens',
                '2 passed, 0 failed, 0 skipped',
            ],
            code: 0,
        });
    });
    it.each([
        ['a failed test', { passed: 1, failed: 1, skipped: 0 }, false, '1 passed, 1 failed, 0 skipped'],
        [
            'a skipped test in CI',
            { passed: 1, failed: 0, skipped: 1 },
            true,
            '1 passed, 1 failed, 1 skipped',
        ],
    ])('fail the run for %s', (_what, counts, ci, line) => {
        expect(verdict(counts, [], ci)).toEqual({ lines: [line], code: 1 });
    });
});
//# sourceMappingURL=flaky-suites.test.js.map