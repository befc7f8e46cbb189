import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { OWN_SERVERS } from '@sockshop/testing';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aFolder, EMBEDDED } from './embedded-shop.ts';
import { WorkspaceProcess } from './workspace-process.ts';
jest.setTimeout(120_000);
const START = [EMBEDDED, '--port', '0', '--trace-port', '0', '--data'];
const DISTRIBUTED = [
    'deploy/distributed/dist/main.js',
    ...['start:distributed', '--port', '0', '--zipkin-port', '0', '--dir'],
];
const CHAOS = ['tools/chaos/dist/main.js', '--dir'];
describe('a folder that cannot be used', () => {
    let dir;
    beforeAll(() => {
        dir = aFolder();
        writeFileSync(join(dir, 'file'), '');
        symlinkSync(join(dir, 'loop'), join(dir, 'loop'));
        for (const name of ['a-key', 'a-log', 'a-lock', 'a-database', 'no-database'])
            mkdirSync(join(dir, name));
        mkdirSync(join(dir, 'a-key', 'session.key'));
        mkdirSync(join(dir, 'a-log', 'sock-shop.log'));
        mkdirSync(join(dir, 'a-lock', 'claim.lock'));
        mkdirSync(join(dir, 'a-database', 'orders.db'));
        writeFileSync(join(dir, 'no-database', 'catalogue.db'), 'not a database');
        mkdirSync(join(dir, 'of-a-shop'));
        for (const name of ['user.db', 'sock-shop.log'])
            writeFileSync(join(dir, 'of-a-shop', name), 'not a database');
    });
    afterAll(() => {
        rmSync(dir, { recursive: true });
    });
    const said = async ([script = '', ...args]) => {
        const run = new WorkspaceProcess(script, args, OWN_SERVERS);
        expect(await run.ended).toBe(1);
        expect(run.output).toMatch(/^[^\n]+\n$/); // no stack
        return run.output;
    };
    it.each([
        ['of a file', 'file', /file cannot be used: it, or a part of it, is a file, not a folder/],
        ['of a circle of links', 'loop', /loop cannot be used: it is a circle of links/],
        ['that is too long', 'n'.repeat(300), /n cannot be used: it is too long/],
    ])('is reported in one line by npm start -- --reset: the name %s', async (_title, path, why) => {
        expect(await said([...START, join(dir, path), '--reset'])).toMatch(why);
    });
    it.each([
        ['npm start', START],
        ['npm run start:distributed', DISTRIBUTED],
        ['npm run chaos', CHAOS],
    ])('is reported in one line by %s', async (_title, command) => {
        expect(await said([...command, join(dir, 'file/below')])).toMatch(/file(\/below)? cannot be used: it.* not a folder/);
        expect(await said([...command, '/proc/no/where'])).toMatch(/^\/proc\/no cannot be used: it does not exist, or a folder on the way/);
    });
    it.each([
        ['a-key', /session\.key cannot be used: it is a folder, not a file/],
        ['a-log', /sock-shop\.log cannot be used: it is a folder, not a file/],
        ['a-lock', /claim\.lock cannot be used: it is a folder, not a file/],
        ['a-database', /orders\.db cannot be used: it is a folder, not a file/],
        [
            'no-database',
            /catalogue\.db is damaged, or not a database: file is not a database\. Move it elsewhere\.$/m,
        ],
        [
            'of-a-shop',
            /user\.db is damaged, or not a database: .* Move it elsewhere, .* npm start -- --data \S+ --reset$/m,
        ],
    ])('is reported in one line for what is in it: %s', async (name, why) => {
        expect(await said([...START, join(dir, name)])).toMatch(why);
        expect(existsSync(join(dir, name, 'state.json'))).toBe(false);
    });
    it.each([
        ['--json', 'tools'],
        ['--journal', 'tools'],
        ['--json', 'no/where'],
        ['--journal', 'no/where'],
    ])('is reported in one line by npm run load, for %s %s', async (option, path) => {
        const run = new WorkspaceProcess('loadtest/dist/main.js', ['--url', 'http://127.0.0.1:1', option, path], { INIT_CWD: process.cwd().replace(/\/e2e$/, '') });
        expect(await run.ended).toBe(1);
        expect(run.output).toMatch(/ cannot be used: [^\n]+\n$/);
    });
});
//# sourceMappingURL=wrong-paths.test.js.map