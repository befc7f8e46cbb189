import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT } from './workspace-process.ts';

jest.setTimeout(60_000);

describe('node deploy/run.mjs on a fresh clone', () => {
  let clone: string;
  beforeAll(() => {
    clone = mkdtempSync(join(tmpdir(), 'sock-shop-clone-'));
    mkdirSync(join(clone, 'deploy'));
    for (const file of ['deploy/run.mjs', 'deploy/commands.mjs'])
      cpSync(join(ROOT, file), join(clone, file));
    const packages = { 'node_modules/one': {}, 'node_modules/two': {}, 'libs/three': {} };
    writeFileSync(join(clone, 'package-lock.json'), JSON.stringify({ packages }));
  });
  afterAll(() => {
    rmSync(clone, { recursive: true });
  });

  /** `npm` is a shell script in place of npm. */
  const run = (
    args: readonly string[],
    npm = 'echo npm must not run; exit 1',
    onOutput: (output: string) => void = () => undefined,
  ) => {
    const bin = join(clone, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${npm}\n`);
    chmodSync(join(bin, 'npm'), 0o755);
    const child = spawn(process.execPath, args, {
      cwd: clone,
      env: { ...process.env, NODE_OPTIONS: '', PATH: `${bin}${delimiter}${process.env['PATH']!}` },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        onOutput(output);
      });
    return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        resolve({ code, output });
      });
    });
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
    expect(output).toMatch(/^ {2}start:distributed {2}runs each service as a process/m);
  });

  it.each(['start', 'dev', 'chaos', 'restore'])('describes %s without a build', async (name) => {
    const { code, output } = await run(['deploy/run.mjs', name, '--help']);
    expect(code).toBe(0);
    expect(output).toMatch(new RegExp(`^${name}: .+\n\nIts options are listed once it is built: `));
  });

  it('asks for a newer Node in one line when it is too old', async () => {
    const old = "Object.defineProperty(process, 'versions', { value: { node: '18.20.0' } })";
    const args = ['--import', `data:text/javascript,${old}`, 'deploy/run.mjs', 'start'];
    expect(await run(args)).toEqual({
      code: 1,
      output:
        'Sock Shop needs Node 20 or newer, and this is Node 18.20.0. Get one from nodejs.org.\n',
    });
  });

  it('reports in one line that npm reached no registry', async () => {
    const npm = 'echo "npm error code ENOTFOUND" >&2; echo "npm error network …" >&2; exit 1';
    const { code, output } = await run(['deploy/run.mjs', 'start'], npm);
    expect(code).toBe(1);
    const [announced, message, ...rest] = output.split('\n');
    expect(announced).toMatch(/^The first start installs packages and builds them: /);
    expect(message).toMatch(/^npm cannot reach its registry \(ENOTFOUND\): /);
    expect(rest).toEqual(['']);
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
      if (counted.test(output)) writeFileSync(join(clone, 'seen'), '');
    });
    expect(output).toMatch(counted);
  });
});
