import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, WorkspaceProcess } from './workspace-process.ts';
jest.setTimeout(300_000);
const BENCH = 'tools/bench/dist/main.js';
const SMALLEST = [
    ...['--ways', 'embedded', '--tracing', 'on', '--connections', '2'],
    ...['--rounds', '1', '--seconds', '1'],
];
let folder;
beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sock-shop-bench-'));
});
afterAll(() => {
    rmSync(folder, { recursive: true });
});
/** The folders of benchmarks that have not ended. */
function leftFolders() {
    const state = join(ROOT, '.sockshop');
    if (!existsSync(state))
        return [];
    return readdirSync(state).filter((name) => name.startsWith('bench-'));
}
describe('npm run bench', () => {
    it('measures an embedded shop, and writes its figures as JSON and as a page', async () => {
        const before = leftFolders();
        const json = join(folder, 'result.json');
        const page = join(folder, 'result.md');
        const journeys = ['--journeys', 'catalogue,order,orders-10'];
        const args = [...SMALLEST, ...journeys, '--json', json, '--markdown', page];
        const bench = new WorkspaceProcess(BENCH, args);
        const code = await bench.ended;
        if (code !== 0)
            process.stderr.write(bench.output);
        expect(code).toBe(0);
        const result = JSON.parse(readFileSync(json, 'utf8'));
        expect(result.machine.node).toBe(process.version);
        const reference = result.reference['2'].median;
        expect(reference).toBeGreaterThan(0);
        expect(result.cells.map(({ journey }) => journey)).toEqual(['catalogue', 'order', 'orders-10']);
        for (const { cpuMs, ratio, processes, requests, failures } of result.cells) {
            expect(failures).toEqual({});
            expect(requests).toBeGreaterThan(1);
            expect(cpuMs.median).toBeGreaterThan(reference);
            expect(ratio.median).toBeCloseTo(cpuMs.median / reference, 0);
            expect(processes).toEqual({ shop: cpuMs.median });
        }
        const [shop] = result.shops;
        expect(shop?.way).toBe('embedded');
        expect(shop?.flags['shop']).toMatch(/--max-semi-space-size=\d/); // as npm start has it
        expect(shop?.firstReadyMs).toBeGreaterThan(100);
        expect(shop?.idle['shop']?.pss).toBeGreaterThan(10_000);
        const text = readFileSync(page, 'utf8');
        expect(text).toContain(result.machine.cpu);
        const again = join(folder, 'again.md');
        const from = new WorkspaceProcess(BENCH, ['--from', json, '--markdown', again]);
        expect(await from.ended).toBe(0);
        expect(readFileSync(again, 'utf8')).toBe(text);
        expect(leftFolders()).toEqual(before);
    });
    it('stops its shop and leaves nothing at Ctrl-C', async () => {
        const before = leftFolders();
        const json = join(folder, 'stopped.json');
        const bench = new WorkspaceProcess(BENCH, [...SMALLEST, '--json', json]);
        await bench.said(/ready in/, 120_000);
        const [own = ''] = leftFolders().filter((name) => !before.includes(name));
        const state = join(ROOT, '.sockshop', own, 'embedded-on', 'state.json');
        const { launcher } = JSON.parse(readFileSync(state, 'utf8'));
        expect(await bench.stop('SIGINT')).toBe(1);
        expect(bench.output).toContain('Stopped before its end');
        expect(() => process.kill(launcher.pid, 0)).toThrow('ESRCH');
        expect(leftFolders()).toEqual(before);
    });
    it('says which file is no result', async () => {
        const bench = new WorkspaceProcess(BENCH, ['--from', join(ROOT, 'package.json')]);
        expect(await bench.ended).toBe(1);
        expect(bench.output).toMatch(/package\.json is not a result that npm run bench -- --json/);
    });
});
//# sourceMappingURL=bench.test.js.map