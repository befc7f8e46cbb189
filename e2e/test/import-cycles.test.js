import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importCycles } from '../src/import-cycles.ts';
describe('importCycles', () => {
    let root;
    const write = (file, text) => writeFile(join(root, file), text);
    beforeEach(async () => {
        root = await mkdtemp(join(tmpdir(), 'import-cycles-'));
        await mkdir(join(root, 'src/dist'), { recursive: true });
    });
    afterEach(() => rm(root, { recursive: true }));
    it('finds files that import each other by type, statically or dynamically', async () => {
        await write('src/a.ts', "import type { B } from './b.ts';");
        await write('src/b.ts', "export { c } from './c.tsx';");
        await write('src/c.tsx', "const a = await import('./a.ts');");
        await write('src/d.ts', "import './d.ts';");
        expect(importCycles(root)).toEqual([
            ['src/a.ts', 'src/b.ts', 'src/c.tsx', 'src/a.ts'],
            ['src/d.ts', 'src/d.ts'],
        ]);
    });
    it('finds no cycle when imports only share files, and reads no build output', async () => {
        await write('src/a.ts', "import './b.ts';\nimport './c.ts';\nimport 'a';");
        await write('src/b.ts', "import './c.ts';");
        await write('src/c.ts', "import './missing.ts';");
        await write('src/dist/d.ts', "import './d.ts';");
        expect(importCycles(root)).toEqual([]);
    });
});
//# sourceMappingURL=import-cycles.test.js.map