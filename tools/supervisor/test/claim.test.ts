import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RunningProcess } from '@sockshop/testing';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFolder, forgetEnded, requireUnclaimed, stopCommand } from '../src/claim.ts';
import { processOf } from '../src/processes.ts';
import { readState, writeState } from '../src/state.ts';

describe('a claim of a folder', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'claim-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  const claim = { way: 'embedded', url: 'http://localhost:1', logs: '' } as const;
  const ended = { pid: process.pid, start: '1' };
  const stale = (): void => {
    writeState(dir, { ...claim, launcher: ended, startedAt: '', parts: [] });
  };

  it.each([
    ['an empty folder', () => undefined],
    ['one whose shop was killed', stale],
  ])('is won by exactly one of ten processes that want %s at once', async (_title, make) => {
    make();
    const source = new URL('../src/claim.ts', import.meta.url).href;
    const at = Date.now() + 1500;
    const script = `import { claimFolder } from ${JSON.stringify(source)};
      while (Date.now() < ${at});
      try {
        claimFolder(${JSON.stringify(dir)}, ${JSON.stringify(claim)});
        console.log('mine');
        setInterval(() => {}, 1000);
      } catch (error) {
        console.log(error.message);
      }`;
    const args = ['--input-type=module', '--eval', script];
    const all = Array.from({ length: 10 }, () => new RunningProcess(args));
    const said = await Promise.all(all.map((each) => each.said(/\n/)));
    const winners = all.filter(({ output }) => output === 'mine\n');
    const { launcher } = readState(dir)!;
    expect([said.length, winners.length]).toEqual([10, 1]);
    for (const loser of all.filter((each) => each !== winners[0]))
      expect(loser.output).toBe(
        `Sock Shop is already running: http://localhost:1 (process ${launcher.pid}). End it with: npm run stop -- --dir ${dir}\n`,
      );
    await winners[0]!.stop('SIGKILL');
    await Promise.all(all.map((each) => each.ended));
  });

  it('leaves a file of another program alone', async () => {
    const file = join(dir, 'state.json');
    for (const text of ['{"of":"another program"}', 'null', 'no JSON']) {
      await writeFile(file, text);
      expect(() => claimFolder(dir, claim)).toThrow(
        `${file} is not a file of Sock Shop, which needs the name: choose another folder.`,
      );
      expect(await readFile(file, 'utf8')).toBe(text);
      expect(readState(dir)).toBeUndefined();
    }
    await writeFile(file, ''); // of ours, after a power cut
    expect(claimFolder(dir, claim)).toEqual(readState(dir));
  });

  it('knows a file of an older version, which had one way only', async () => {
    const launcher = processOf(process.pid)!;
    const older = { launcher, startedAt: '', url: 'http://localhost:2', logs: '', parts: [] };
    await writeFile(join(dir, 'state.json'), JSON.stringify(older));
    expect(readState(dir)).toEqual({ way: 'distributed', ...older });
    expect(() => claimFolder(dir, claim)).toThrow(/^Sock Shop is already running: /);
  });

  it.each([
    ['distributed', 'embedded', 'embedded', false],
    ['distributed', 'chaos', 'distributed', false],
    ['distributed', 'test-servers', 'distributed', false],
    ['distributed', 'ninth/data', 'embedded', false],
    ['distributed', 'distributed/mongodb', 'embedded', true],
    ['distributed', 'distributed', 'distributed', true],
    ['embedded', 'embedded', 'embedded', true],
    ['embedded', 'inside', 'distributed', true],
  ] as const)(
    'of a running %s shop: its %s, for a shop that is %s, is refused: %p',
    async (way, name, wanted, isRefused) => {
      claimFolder(dir, { ...claim, way });
      const link = `${dir}-link`;
      await symlink(dir, link);
      try {
        for (const base of [dir, link]) {
          const asked = requireUnclaimed(join(base, name), wanted, [], () => undefined);
          if (isRefused) await expect(asked).rejects.toThrow(/is in the folder of another shop/);
          else await asked;
        }
      } finally {
        await rm(link);
      }
    },
  );

  it('of a distributed shop is refused where another shop runs in a folder that it writes', async () => {
    claimFolder(join(dir, 'distributed'), claim);
    await expect(requireUnclaimed(dir, 'distributed', [], () => undefined)).rejects.toThrow(
      /^Another shop is in the way\. Sock Shop is already running: /,
    );
    await requireUnclaimed(dir, 'embedded', [], () => undefined);
  });

  it('is forgotten only when its process has ended', () => {
    stale();
    forgetEnded(dir);
    expect(readState(dir)).toBeUndefined();
    claimFolder(dir, claim);
    forgetEnded(dir);
    expect(readState(dir)).toBeDefined();
  });

  it('names what is at work where no shop runs', () => {
    claimFolder(dir, { ...claim, url: 'npm test is at work' });
    expect(() => claimFolder(dir, claim)).toThrow(
      `${dir} is in use: npm test is at work (process ${process.pid}). Try again when it has ended.`,
    );
  });

  it('names a command that a shell reads as it is meant', () => {
    expect(stopCommand('/a/b-c_1.d')).toBe('npm run stop -- --dir /a/b-c_1.d');
    expect(stopCommand("/it's a $HOME")).toBe(`npm run stop -- --dir '/it'\\''s a $HOME'`);
  });
});
