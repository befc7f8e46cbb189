import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { freePort, processOf, writeState } from '@sockshop/supervisor';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from './queue-command.ts';

jest.setTimeout(30_000);

const NO_BROKER = 'amqp://guest:hidden@127.0.0.1:1';

describe('npm run queue', () => {
  it.each([
    [[], 'Usage: npm run queue -- [options] [command]\n'],
    [['show'], "error: unknown command 'show'\n\n"],
    [['replya'], "error: unknown command 'replya'\n(Did you mean replay?)\n"],
    [['list', '--what'], "error: unknown option '--what'\n\n"],
    [
      ['list', 'one', 'two'],
      "error: too many arguments for 'list'. Expected 1 argument but got 2: one, two.\n",
    ],
    [
      ['list', '--limit', 'many'],
      "error: option '--limit <N>' argument 'many' is invalid. Give a whole number from 1 to 999999999.\n",
    ],
    [['purge', '--yes'], "error: missing required argument 'QUEUE'\n"],
    [['purge', 'tasks', '--id', 'a', '--yes'], "error: unknown option '--id'\n"],
    [
      ['purge', 'tasks.retry.1', '--yes'],
      "error: command-argument value 'tasks.retry.1' is invalid for argument 'QUEUE'. It is a delay queue: its messages go back",
    ],
    [
      ['list', ''],
      "error: command-argument value '' is invalid for argument 'QUEUE'. It is empty.\n",
    ],
  ])('%j is a wrong command line: code 2, and how it is used', async (args, says) => {
    const [code, output] = await command(args, { RABBITMQ_URL: NO_BROKER });
    expect(code).toBe(2);
    expect(output.slice(0, says.length)).toBe(says);
    const named = ['purge', 'list'].find((each) => each === args[0]) ?? '[options] [command]\n';
    expect(`\n${output}`).toContain(`\nUsage: npm run queue -- ${named}`);
  });

  it('lists its commands where none is given', async () => {
    const [code, output] = await command([]);
    expect(code).toBe(2);
    expect(output).toMatch(
      /^ {2}list [^]*^ {2}replay [^]*^ {2}purge [^]*\n\nGive one of these commands\.\n$/m,
    );
  });

  it('shows how it is used when asked', async () => {
    const [code, output] = await command(['list', '--help']);
    expect([code, output.split('\n')[0]]).toEqual([
      0,
      'Usage: npm run queue -- list [options] [QUEUE]',
    ]);
    const [, overview] = await command(['--help']);
    expect(overview).toMatch(
      / list \[options\] \[QUEUE\] [^]* replay \[options\] \[QUEUE\] [^]* purge \[options\] <QUEUE> /,
    );
  });

  it('says in one line, without the password, that the broker does not answer', async () => {
    const says = 'no connection to RabbitMQ at 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1\n';
    expect(await command(['list', '--url', NO_BROKER])).toEqual([1, says]);
    expect(await command(['replay'], { RABBITMQ_URL: NO_BROKER })).toEqual([1, says]);
  });

  it('reads the URL from a file, as services do, and says in one line that there is none', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'queue-'));
    try {
      const path = join(dir, 'url');
      const asked = () => command(['list'], { RABBITMQ_URL: '', RABBITMQ_URL_FILE: path });
      expect(await asked()).toEqual([1, `RABBITMQ_URL_FILE: ${path} cannot be read (ENOENT)\n`]);
      await writeFile(path, `${NO_BROKER}\n`);
      expect(await asked()).toEqual([1, expect.stringContaining('no connection to RabbitMQ')]);
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it.each([
    ['http://u:hidden@host', 'not a URL like amqp://user:password@host:5672\n'],
    ['memory:shop', 'a memory: bus is inside its process: only RabbitMQ can be asked\n'],
  ])('refuses the URL %s', async (url, says) => {
    expect(await command(['list', '--url', url])).toEqual([1, says]);
  });

  describe('without a URL', () => {
    let dir: string;
    const here = (): string[] => ['list', '--dir', dir];
    beforeEach(async () => {
      dir = await mkdtemp(join(tmpdir(), 'queue-'));
    });
    afterEach(() => rm(dir, { recursive: true }));

    it('says that no shop runs', async () => {
      const says = `Sock Shop is not running from ${dir}: start it with npm run start:distributed, or name a broker in RABBITMQ_URL or with --url\n`;
      expect(await command(here(), { RABBITMQ_URL: '' })).toEqual([1, says]);
    });

    it("asks the running shop's broker", async () => {
      const url = `amqp://127.0.0.1:${await freePort()}`;
      writeState(dir, {
        way: 'distributed',
        launcher: processOf(process.pid)!,
        startedAt: '',
        url: '',
        logs: '',
        parts: [{ name: 'rabbitmq', kind: 'server', url }],
      });
      const [code, output] = await command(here(), { RABBITMQ_URL: '' });
      expect(code).toBe(1);
      expect(output).toContain(`no connection to RabbitMQ at ${url.slice('amqp://'.length)}: `);
    });
  });
});
