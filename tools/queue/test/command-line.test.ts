import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { freePort, processOf, writeState } from '@sockshop/supervisor';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from './queue-command.ts';

jest.setTimeout(30_000);

const NO_BROKER = 'amqp://guest:hidden@127.0.0.1:1';

describe('npm run queue', () => {
  it.each([
    [[], 'give a command: list, replay, purge'],
    [['show'], 'no command show'],
    [['replya'], 'no command replya; did you mean replay?'],
    [['list', '--what'], 'no option --what'],
    [['list', 'one', 'two'], 'too much: two'],
    [['list', '--limit', 'many'], '--limit many: give a whole number from 1 to 999999999'],
    [['purge', '--yes'], 'QUEUE is missing'],
    [['purge', 'tasks', '--id', 'a', '--yes'], 'no option --id'],
    [['purge', 'tasks.retry.1', '--yes'], 'tasks.retry.1 is a delay queue: its messages go back'],
    [['list', ''], 'QUEUE is empty'],
  ])('%j is a wrong command line: code 2, and how it is used', async (args, says) => {
    const [code, output] = await command(args, { RABBITMQ_URL: NO_BROKER });
    expect(code).toBe(2);
    expect(output.slice(0, says.length)).toBe(says);
    expect(output).toContain(`\n\nnpm run queue -- ${args[0] === 'purge' ? 'purge' : 'list'}`);
  });

  it('shows how it is used when asked', async () => {
    const [code, output] = await command(['list', '--help']);
    expect([code, output.split('\n')[0]]).toEqual([0, 'npm run queue -- list [QUEUE] [options]']);
    const [, overview] = await command(['--help']);
    expect(overview).toMatch(/ list \[QUEUE\] [^]* replay \[QUEUE\] [^]* purge QUEUE /);
  });

  it('says in one line, without the password, that the broker does not answer', async () => {
    const says = 'no connection to RabbitMQ at 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1\n';
    expect(await command(['list', '--url', NO_BROKER])).toEqual([1, says]);
    expect(await command(['replay'], { RABBITMQ_URL: NO_BROKER })).toEqual([1, says]);
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
