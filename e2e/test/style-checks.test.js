import { describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkStyle } from '../src/lint.ts';
/** A folder where the program `node` is installed. */
function withNode(work) {
    const root = mkdtempSync(join(tmpdir(), 'sock-shop-checks-'));
    mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
    symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'));
    return work(root).finally(() => {
        rmSync(root, { recursive: true });
    });
}
const check = (title, code) => ({ title, bin: 'node', args: ['-e', code] });
describe('the checks of style in npm test', () => {
    it('count one test each, the import cycles too, and go on after a failure', () => withNode(async (root) => {
        const counts = await checkStyle(root, [
            check('layout', 'process.exit(1)'),
            check('dead code', ''),
        ]);
        expect(counts).toEqual({ passed: 2, failed: 1, skipped: 0 });
    }));
    it('leave the processor to the suites', () => withNode(async (root) => {
        const low = 'os.getPriority() >= os.constants.priority.PRIORITY_BELOW_NORMAL';
        expect(await checkStyle(root, [check('lint', `while (!(${low})) {}`)])).toEqual({
            passed: 2,
            failed: 0,
            skipped: 0,
        });
    }));
});
//# sourceMappingURL=style-checks.test.js.map