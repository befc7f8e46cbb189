import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { EMBEDDED, EmbeddedShop } from './embedded-shop.ts';
import { journey } from './journey.ts';
import { WorkspaceCopy } from './workspace-copy.ts';
import { ROOT } from './workspace-process.ts';
jest.setTimeout(120_000);
const PAYMENT = 'services/payment/src/payment.service.ts';
describe('what npm start builds', () => {
    let copy;
    let shop;
    const build = () => execFileSync(process.execPath, ['deploy/build/build.mjs'], {
        cwd: copy.root,
        env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'production' }, // not Jest's
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    beforeAll(async () => {
        copy = new WorkspaceCopy();
        for (const folder of globSync('{libs,services,tools,deploy}/*/dist', { cwd: copy.root }))
            rmSync(join(copy.root, folder), { recursive: true });
        for (const file of ['jest.preset.mjs', 'package-lock.json'])
            cpSync(join(ROOT, file), join(copy.root, file));
        expect(build()).toMatch(/^\d{3} modules\npages\n$/);
        shop = await EmbeddedShop.start({ script: relative(ROOT, join(copy.root, EMBEDDED)) });
    });
    afterAll(async () => {
        expect(await shop.stop()).toEqual([0]);
        copy.remove();
    });
    journey(() => shop);
    it('is built once', () => {
        expect(build()).toBe('0 modules\n');
    });
    it('is one module when one was saved', () => {
        const built = join(copy.root, PAYMENT.replace('/src/', '/dist/').replace('.ts', '.js'));
        const before = statSync(built).mtimeMs;
        copy.edit(PAYMENT, 'Payment declined: amount exceeds', 'Declined: more than');
        expect(build()).toBe('1 modules\n');
        expect(statSync(built).mtimeMs).toBeGreaterThan(before);
    });
});
//# sourceMappingURL=build.test.js.map