import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT } from './workspace-process.ts';
jest.setTimeout(60_000);
const LOCK = {
    packages: {
        '': { devDependencies: { node: '24.21.0', linter: '2.0.0' } },
        'libs/one': { dependencies: { used: '1.0.0' } },
        'node_modules/linter': { version: '2.0.0' },
        'node_modules/node': { version: '24.21.0' },
        'node_modules/used': { version: '1.0.0' },
    },
};
/** In place of npm: notes its words, and installs what the lock file of the test has. Its Node does nothing. */
const NPM = `#!/bin/sh
echo "$*" >> asked
put() { mkdir -p "$1"; echo '{}' > "$1/package.json"; }
case "$*" in
  ping*) exit 0 ;;
  *--prefix*) put "$3/node_modules/node"; mkdir "$3/node_modules/node/bin"
    printf '#!/bin/sh\\n' > "$3/node_modules/node/bin/node"; chmod +x "$3/node_modules/node/bin/node"; exit 0 ;;
  ci*) rm -rf node_modules ;;
esac
put node_modules/used; mkdir -p node_modules/.bin
case "$*" in *--workspaces*) ;; *) put node_modules/linter; put node_modules/node ;; esac
`;
describe('what npm installs', () => {
    let clone;
    const write = (path, text, mode) => {
        mkdirSync(join(clone, path, '..'), { recursive: true });
        writeFileSync(join(clone, path), text, { mode });
    };
    beforeAll(() => {
        clone = mkdtempSync(join(tmpdir(), 'sock-shop-install-'));
        mkdirSync(join(clone, 'deploy/build'), { recursive: true });
        for (const file of globSync('deploy/{*,build/*}.{mjs,json}', { cwd: ROOT }))
            cpSync(join(ROOT, file), join(clone, file));
        write('package.json', '{ "workspaces": [] }');
        write('package-lock.json', JSON.stringify(LOCK));
        for (const folder of ['storefront', 'observatory', 'docs'])
            write(`services/front-end/${folder}/main.tsx`, '');
        write('services/front-end/package.json', '{}');
        write('deploy/parts/src/parts.ts', '');
        write('bin/npm', NPM, 0o755);
    });
    afterAll(() => {
        rmSync(clone, { recursive: true });
    });
    /** Runs a command of the clone, and answers with the commands that npm was given, but for its question whether there is a network. */
    const asked = (command) => {
        rmSync(join(clone, 'asked'), { force: true });
        const PATH = `${join(clone, 'bin')}${delimiter}${process.env['PATH']}`;
        const env = { ...process.env, NODE_OPTIONS: '', PATH };
        const { status, stderr } = spawnSync(process.execPath, ['deploy/run.mjs', command], {
            cwd: clone,
            env,
            encoding: 'utf8',
        });
        expect([status, stderr]).toEqual([0, '']);
        if (!existsSync(join(clone, 'asked')))
            return [];
        return readFileSync(join(clone, 'asked'), 'utf8')
            .trim()
            .split('\n')
            .map((line) => line.split(' ')[0])
            .filter((word) => word !== 'ping')
            .sort();
    };
    const words = () => readFileSync(join(clone, 'asked'), 'utf8');
    it('is the packages of the workspaces for a start, and Node beside them', () => {
        expect(asked('start')).toEqual(['ci', 'install']);
        expect(words()).toMatch(/^ci .*--workspaces/m);
        expect(words()).toMatch(/^install --prefix \S+\/\.sockshop\/node /m);
        expect(existsSync(join(clone, 'node_modules/linter'))).toBe(false);
    });
    it('is nothing more for the next start', () => {
        expect(asked('start')).toEqual([]);
    });
    it('is the rest, added to what is there, for a command of tests and linters', () => {
        write('node_modules/used/kept', '');
        expect(asked('format')).toEqual(['install']);
        expect(words()).toMatch(/^install --no-save (?!.*--workspaces)/m);
        expect(existsSync(join(clone, 'node_modules/used/kept'))).toBe(true);
    });
    it('is nothing when npm ci has been run by hand', () => {
        rmSync(join(clone, 'node_modules/.installed'));
        write('node_modules/.package-lock.json', JSON.stringify(LOCK));
        expect(asked('format')).toEqual([]);
        expect(asked('start')).toEqual([]);
    });
    it('is all anew when the lock file asks for another version', () => {
        const packages = { ...LOCK.packages, 'node_modules/used': { version: '1.0.1' } };
        write('package-lock.json', JSON.stringify({ packages }));
        expect(asked('format')).toEqual(['ci', 'install']);
        expect(words()).not.toContain('--workspaces');
    });
});
//# sourceMappingURL=install.test.js.map