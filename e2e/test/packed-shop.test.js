import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RunningProcess, until } from '@sockshop/testing';
import { JOURNEYS, recordedRun, verdictOn } from '@sockshop/trace-shapes';
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { WorkspaceProcess } from './workspace-process.ts';
jest.setTimeout(300_000);
const SHOP = 'deploy/shop/dist/main.js';
const MAX_BYTES = 15e6;
/** npm unpacks the file four times before it starts what is in it. */
const MAX_FILES = 400;
describe('the packed shop', () => {
    let folder;
    let file;
    beforeAll(async () => {
        folder = mkdtempSync(join(tmpdir(), 'sock-shop-packed-'));
        for (const name of ['home', 'work'])
            mkdirSync(join(folder, name));
        const pack = new WorkspaceProcess('tools/release/dist/pack-main.js', [
            '--dir',
            join(folder, 'work'),
        ]);
        expect([await pack.ended, pack.output]).toEqual([0, expect.stringContaining('npx')]);
        [file = ''] = readdirSync(join(folder, 'work'));
    });
    afterAll(() => {
        rmSync(folder, { recursive: true });
    });
    it('is one file of less than 15 MB', () => {
        expect(file).toMatch(/^sock-shop-\d+\.\d+\.\d+\.tgz$/);
        expect(statSync(join(folder, 'work', file)).size).toBeLessThan(MAX_BYTES);
    });
    it('has few files, among them the licences of the packages in it', async () => {
        const { stdout } = await promisify(execFile)('tar', ['-tzf', join(folder, 'work', file)]);
        const names = stdout.trim().split('\n');
        expect(names.length).toBeLessThan(MAX_FILES);
        expect(names.filter((name) => /licences-\w+\.md$/.test(name)).length).toBe(3); // of the pages
        const text = await promisify(execFile)('tar', [
            '-xOzf',
            join(folder, 'work', file),
            'package/THIRD-PARTY-LICENCES.txt',
        ]);
        for (const name of ['fastify', '@nestjs/core', 'mongoose', 'sodium-native'])
            expect(text.stdout).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+: `, 'm'));
    });
    describe('started by npx in an empty folder, with an empty home and no registry', () => {
        let npx;
        let output = '';
        let url;
        let tracesUrl;
        let ended;
        beforeAll(async () => {
            const words = ['--yes', `./${file}`, '--port', '0', '--trace-port', '0'];
            npx = spawn('npx', words, {
                cwd: join(folder, 'work'),
                detached: true, // a group of its own, as a terminal's Ctrl-C reaches
                stdio: ['ignore', 'pipe', 'pipe'],
                env: {
                    HOME: join(folder, 'home'),
                    PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`,
                    npm_config_cache: join(folder, 'cache'),
                    npm_config_offline: 'true',
                },
            });
            for (const stream of [npx.stdout, npx.stderr])
                stream?.on('data', (chunk) => (output += chunk.toString()));
            ended = new Promise((resolve) => npx.once('close', resolve));
            const found = (line) => line.exec(output)?.[1];
            await Promise.race([
                until(() => found(/^Sock Shop is ready: (.+)$/m), Boolean, 240_000),
                ended,
            ]);
            expect(output).toContain('Sock Shop is ready');
            url = found(/^Sock Shop is ready: (.+)$/m);
            tracesUrl = found(/^traces \(Zipkin API\) +(\S+)/m);
        });
        afterAll(() => {
            if (npx.pid !== undefined && npx.exitCode === null && npx.signalCode === null)
                process.kill(-npx.pid, 'SIGKILL');
        });
        it('keeps its data in that folder', () => {
            expect(existsSync(join(folder, 'work', '.sockshop/embedded/user.db'))).toBe(true);
        });
        it.each(['/', '/docs', '/observatory'])('serves the page %s with its script', async (path) => {
            const page = await fetch(url + path);
            const [, script] = /<script[^>]* src="([^"]+)"/.exec(await page.text()) ?? [];
            expect([page.status, script]).toEqual([200, expect.any(String)]);
            expect((await fetch(new URL(script, url))).status).toBe(200);
        });
        it('has socks with pictures', async () => {
            const socks = (await (await fetch(`${url}/catalogue`)).json());
            expect(socks.length).toBe(10);
            const pictures = await Promise.all(socks.flatMap(({ imageUrl }) => imageUrl.map((path) => fetch(url + path))));
            expect(pictures.map(({ status }) => status)).toEqual(pictures.map(() => 200));
        });
        it('makes the traces that the workspace makes', async () => {
            const recorded = await recordedRun({ url, tracesUrl }, JOURNEYS);
            expect(recorded.map(verdictOn)).toEqual(JOURNEYS.map(({ name }) => ({ journey: name, differences: [] })));
        });
        it('stops on Ctrl-C', async () => {
            process.kill(-npx.pid, 'SIGINT');
            await ended;
            expect(output).toContain('Stopping');
        });
        it.each(['front-end', 'catalogue'])('is %s alone, too', async (name) => {
            const [cached = ''] = readdirSync(join(folder, 'cache/_npx'));
            const program = join(folder, 'cache/_npx', cached, 'node_modules/sock-shop/sock-shop.js');
            const service = new RunningProcess([program, name, '-port=0'], { cwd: folder });
            await service.said(/"message":"listening"/);
            expect(await service.stop()).toBe(0);
        });
    });
});
describe('the program that is the shop or one service', () => {
    it('is the service that its first word names, with the flags after it', async () => {
        const payment = new WorkspaceProcess(SHOP, ['payment', '-port=0']);
        await payment.said(/"message":"listening"/);
        expect(await payment.stop()).toBe(0);
    });
    it.each([
        [
            'a service that there is not',
            ['cart'],
            'no service cart: there are front-end, catalogue, carts',
        ],
        ['an option of the shop', ['--prot', '1'], "unknown option '--prot'"],
        ['a flag of a service', ['carts', '-prot=1'], 'unknown -prot=1; did you mean -port?'],
    ])('refuses %s that it does not know, with exit code 2', async (_what, words, message) => {
        const refused = new WorkspaceProcess(SHOP, words);
        expect([await refused.ended, refused.output]).toEqual([2, expect.stringContaining(message)]);
    });
    it('lists options and services with --help, and the flags of a service', async () => {
        const help = async (...words) => {
            const asked = new WorkspaceProcess(SHOP, [...words, '--help']);
            expect(await asked.ended).toBe(0);
            return asked.output;
        };
        expect(await help()).toMatch(/Usage: sock-shop [^]*--data <DIR>[^]*queue-master/);
        expect(await help('payment')).toContain('-decline');
    });
});
//# sourceMappingURL=packed-shop.test.js.map