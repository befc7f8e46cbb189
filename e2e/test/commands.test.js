import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT } from './workspace-process.ts';
jest.setTimeout(60_000);
/** Options with which Node takes itself for that version. */
const asNode = (version) => [
    '--import',
    `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`,
];
/** Runs Node to its end. */
function node(args, options, onOutput = () => undefined) {
    const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk) => {
            output += chunk.toString();
            onOutput(output);
        });
    return new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code) => {
            resolve({ code, output });
        });
    });
}
describe('node deploy/run.mjs on a fresh clone', () => {
    let clone;
    beforeAll(() => {
        clone = mkdtempSync(join(tmpdir(), 'sock-shop-clone-'));
        mkdirSync(join(clone, 'deploy', 'build'), { recursive: true });
        for (const file of globSync('deploy/{*,build/*}.{mjs,json}', { cwd: ROOT }))
            cpSync(join(ROOT, file), join(clone, file));
        const packages = {
            '': { devDependencies: { linter: '1.0.0' } },
            'libs/three': { dependencies: { one: '1.0.0', two: '1.0.0' } },
            'node_modules/one': {},
            'node_modules/two': {},
            'node_modules/linter': {},
        };
        writeFileSync(join(clone, 'package-lock.json'), JSON.stringify({ packages }));
    });
    afterAll(() => {
        rmSync(clone, { recursive: true });
    });
    /** `npm` is a shell script in place of npm. */
    const run = (args, npm = 'echo npm must not run; exit 1', onOutput) => {
        const bin = join(clone, 'bin');
        mkdirSync(bin, { recursive: true });
        writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${npm}\n`);
        chmodSync(join(bin, 'npm'), 0o755);
        const PATH = `${bin}${delimiter}${process.env['PATH']}`;
        const env = { ...process.env, NODE_OPTIONS: '', PATH };
        return node(args, { cwd: clone, env }, onOutput);
    };
    it.each([
        ['strat', 'no command strat; did you mean start?'],
        ['cahos', 'no command cahos; did you mean chaos?'],
        ['everything', 'no command everything'],
        ['toString', 'no command toString'],
    ])('ends with code 2 for %s and lists the commands', async (name, message) => {
        const { code, output } = await run(['deploy/run.mjs', name]);
        expect(code).toBe(2);
        expect(output.split('\n')[0]).toBe(message);
        expect(output).toMatch(/^ {2}start:distributed +runs each service as a process/m);
    });
    it.each([
        ...[
            'start',
            'dev',
            'start:distributed',
            'stop',
            'status',
            'chaos',
            'logs',
            'queue',
            'backup',
            'restore',
        ],
        ...[
            'budget',
            'scaling',
            'soak',
            'load',
            'prometheus',
            'dashboards',
            'dashboards:check',
            'test',
            'test:ninth',
            'cluster',
            'test:kubernetes',
            'trace:checks',
            'package:check',
            'helm-chart',
            'bench:tracing',
            'pictures',
        ],
        ...['example:bring-your-own', 'example:http-chain', 'example:rpc-chain'],
    ])('describes %s without a build', async (name) => {
        const { code, output } = await run(['deploy/run.mjs', name, '--help']);
        expect(code).toBe(0);
        expect(output).toMatch(new RegExp(`^${name}: .+\n\nIts options are listed once it is built: `));
    });
    it.each([
        ['build', ['nx run-many -t build']],
        ['docs:api', ['typedoc --options libs/tracing/typedoc.json']],
        ['format', ['prettier --write .']],
        ['lint', ['nx run-many -t lint', 'prettier --check .', 'knip']],
    ])('describes %s, which takes no options, without running it', async (name, tools) => {
        const { code, output } = await run(['deploy/run.mjs', name, '--help']);
        expect(code).toBe(0);
        const [about, empty, ...programs] = output.trimEnd().split('\n');
        expect([about, empty]).toEqual([expect.stringMatching(new RegExp(`^${name}: \\w`)), '']);
        expect(programs).toEqual(tools.map((tool) => `  ${tool}`));
        const refused = await run(['deploy/run.mjs', name, '--fix']);
        expect(refused).toEqual({ code: 2, output: `${name} takes no options: --fix\n` });
    });
    it('asks for a newer Node in one line when it is too old', async () => {
        expect(await run([...asNode('18.20.0'), 'deploy/run.mjs', 'start'])).toEqual({
            code: 1,
            output: 'Sock Shop needs Node 20 or newer, and this is Node 18.20.0. Get one from nodejs.org.\n',
        });
    });
    it.each([
        ['ENOTFOUND', 'npm cannot reach its registry'],
        ['ECONNREFUSED', 'npm cannot reach its registry'],
        ['EHOSTUNREACH', 'npm cannot reach its registry'],
        ['ERR_SOCKET_TIMEOUT', 'npm cannot reach its registry'],
        ['SELF_SIGNED_CERT_IN_CHAIN', 'npm does not trust the certificate of its registry'],
        ['CERT_HAS_EXPIRED', 'npm does not trust the certificate of its registry'],
    ])("reports npm's %s in one line, without trying for each package", async (reason, words) => {
        const npm = `echo "npm $1" >> asked; echo "npm error code ${reason}" >&2; exit 1`;
        const { code, output } = await run(['deploy/run.mjs', 'start'], npm);
        expect(code).toBe(1);
        const [announced, message, ...rest] = output.split('\n');
        expect(announced).toMatch(/^The first start installs packages and builds them: /);
        expect(message).toMatch(new RegExp(`^${words} \\(${reason}\\): `));
        expect(rest).toEqual(['']);
        expect(readFileSync(join(clone, 'asked'), 'utf8')).toBe('npm ping\n');
        rmSync(join(clone, 'asked'));
    });
    it("shows npm's whole output when the installation fails for another reason", async () => {
        const { code, output } = await run(['deploy/run.mjs', 'start'], 'echo "no space left"; exit 1');
        expect(code).toBe(1);
        expect(output).toMatch(/^npm ci .* failed:\nno space left\n/m);
    });
    it('counts the installed packages while npm runs', async () => {
        const npm = [
            'mkdir -p node_modules/one',
            'echo "{}" > node_modules/one/package.json',
            'until [ -e seen ]; do sleep 0.1; done',
            'exit 1',
        ].join('\n');
        const counted = /^install: 1 of 2 packages, \d+ s$/m;
        const { output } = await run(['deploy/run.mjs', 'start'], npm, (output) => {
            if (counted.test(output))
                writeFileSync(join(clone, 'seen'), '');
        });
        expect(output).toMatch(counted);
    });
});
describe('npm test', () => {
    it.each([[['--help']], [['orders', '-h']], [['orders', '--', '--help']]])('describes itself for %j before it builds or runs anything', async (words) => {
        const env = { ...process.env, NODE_OPTIONS: '' };
        const { code, output } = await node(['deploy/run.mjs', 'test', ...words], { cwd: ROOT, env });
        expect(code).toBe(0);
        expect(output).toMatch(/^Usage: npm test -- \[options\] \[PATTERN\.\.\.\]\n/);
    });
});
/** Every script that a command, a launcher or a container starts. */
const PROGRAMS = [
    ...globSync('{services,deploy,tools}/*/src/main.ts', { cwd: ROOT }),
    ...[
        ...readFileSync(join(ROOT, 'deploy/commands.mjs'), 'utf8').matchAll(/'(\S+\/dist\/\S+)\.js'/g),
    ].map(([, path]) => `${path.replace('/dist/', '/src/')}.ts`),
];
describe.each([...new Set(PROGRAMS)].sort())('%s', (source) => {
    const script = source.replace('/src/', '/dist/').replace(/\.ts$/, '.js');
    it.each(['20.20.2', '24.6.0'])('says in one line that Node %s is too old', async (version) => {
        const env = { ...process.env, NODE_OPTIONS: '' };
        expect(await node([...asNode(version), script], { cwd: ROOT, env })).toEqual({
            code: 1,
            output: `Sock Shop needs Node 24.7 or newer, and this is Node ${version}. Run it with the workspace's own: npx node ${script}\n`,
        });
    });
    it('checks the version before it loads anything else', () => {
        const imports = readFileSync(join(ROOT, source), 'utf8').match(/^import (?!type ).*?;/gms);
        expect(imports).toEqual(["import '@sockshop/node-version';"]);
    });
});
//# sourceMappingURL=commands.test.js.map