import { describe, expect, it } from '@jest/globals';
import { SERVICES } from '@sockshop/parts';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import YAML from 'yaml';
import { applied, blocksOf } from '../src/guide.ts';
const ROOT = join(import.meta.dirname, '../..');
const guide = readFileSync(join(ROOT, 'docs/adding-a-service.md'), 'utf8');
const blocks = blocksOf(guide);
const after = (block) => {
    const file = join(ROOT, block.path);
    return applied(block, existsSync(file) ? readFileSync(file, 'utf8') : undefined);
};
describe('docs/adding-a-service.md', () => {
    it.each(blocks)('has a block for $path that fits', (block) => {
        const text = after(block);
        if (block.path.endsWith('.json'))
            expect(() => JSON.parse(text)).not.toThrow();
        if (block.path.endsWith('.yaml')) {
            const documents = YAML.parseAllDocuments(text, { merge: true });
            expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
        }
    });
    it('lists exactly the files it needs, at most ten', () => {
        const table = [...guide.matchAll(/^\| `(\S+)` /gm)].map(([, path]) => path);
        expect(table.length).toBeLessThanOrEqual(10);
        expect([...blocks.map(({ path }) => path), 'package-lock.json'].sort()).toEqual(table.sort());
    });
    it('lets the service check the version of Node before it loads anything else', () => {
        const main = blocks.find(({ path }) => path.endsWith('/main.ts'));
        expect(main?.text.match(/^import (?!type ).*?;/gm)).toEqual([
            "import '@sockshop/node-version';",
        ]);
    });
    it('gives the service the next port', () => {
        const ports = SERVICES.map(({ port }) => port);
        expect(guide).toContain(`    port: ${Math.max(...ports) + 1},`);
    });
});
//# sourceMappingURL=guide.test.js.map