import { freePort, processOf, writeState } from '@sockshop/supervisor';
import { until } from '@sockshop/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type MessageBus, openBus, PoisonMessageError } from '@sockshop/messaging';
import { Telemetry } from '@sockshop/telemetry';
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseQueueOptions } from '../src/options.ts';

jest.setTimeout(30_000);

const MAIN = join(import.meta.dirname, '../dist/main.js');
const rabbitUrl = process.env['TEST_RABBITMQ_URL'] ?? '';
const withRabbit = rabbitUrl ? describe : describe.skip;
const NOBODY = 'amqp://guest:hidden@127.0.0.1:1';
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The command as npm's script runs it: its exit code and all it said. */
async function command(
  args: string[],
  env: Record<string, string> = {},
): Promise<[number, string]> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', RABBITMQ_URL: rabbitUrl, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const [code] = (await once(child, 'close')) as [number]; // of 'close'
  return [code, output];
}

describe('npm run queue', () => {
  it.each([
    [[], 'no command'],
    [['show'], 'not a command: show'],
    [['list', '--what'], "Unknown option '--what'"],
    [['list', 'one', 'two'], 'one queue at a time: two'],
    [['list', '--limit', 'many'], '--limit: not a number of messages: many'],
    [['purge', '--yes'], 'purge: which queue?'],
    [['purge', 'tasks', '--id', 'a', '--yes'], 'purge does not know --id'],
    [['purge', 'tasks.retry.1', '--yes'], 'tasks.retry.1 is not parked: its messages go back'],
    [['list', ''], 'the queue has no name'],
  ])('%j is a wrong command line', (args, says) => {
    expect(() => parseQueueOptions(args, '/shop')).toThrow(says);
  });

  it('ends with code 2 after a wrong command line and says how it is used', async () => {
    const [code, output] = await command(['show']);
    expect(code).toBe(2);
    expect(output).toContain('not a command: show\n\nnpm run queue -- list');
  });

  it('shows how it is used when asked', async () => {
    const [code, output] = await command(['list', '--help']);
    expect([code, output.split('\n')[0]]).toEqual([
      0,
      'npm run queue -- list [QUEUE] [--limit N] [--bodies]',
    ]);
  });

  it('says in one line, without the password, that the broker is away', async () => {
    const says = 'no connection to RabbitMQ at 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1\n';
    expect(await command(['list', '--url', NOBODY])).toEqual([1, says]);
    expect(await command(['replay'], { RABBITMQ_URL: NOBODY })).toEqual([1, says]);
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

withRabbit('npm run queue at RabbitMQ', () => {
  let queue: string;
  let model: ChannelModel;
  let channel: ConfirmChannel;
  let bus: MessageBus;
  const NAMES = ['', '.retry.1', '.retry.2', '.retry.3', '.dead'];

  beforeEach(async () => {
    queue = `tasks-${randomUUID().slice(0, 8)}`;
    model = await connect(rabbitUrl);
    channel = await model.createConfirmChannel();
    bus = await openBus(rabbitUrl, await Telemetry.start('consumer'), {
      topology: { queues: [{ name: queue, durable: true }] },
      log: { log: () => undefined, warn: () => undefined, error: () => undefined },
    });
    await bus.ping();
  });
  afterEach(async () => {
    await bus.close();
    for (const name of NAMES) await channel.deleteQueue(`${queue}${name}`);
    await model.close();
  });

  const ready = async (name: string): Promise<number> =>
    (await channel.checkQueue(name)).messageCount;
  /** The whole way: a consumer of ours that refuses what comes, and so many messages parked by it. */
  const park = async (...bodies: unknown[]): Promise<void> => {
    await channel.assertQueue(`${queue}.dead`); // asked for below before the consumer may have declared it
    bus.consume({ queue }, () => {
      throw new PoisonMessageError('no');
    });
    for (const body of bodies) {
      await bus.publish({ exchange: '', routingKey: queue }, { body, correlationId: 'order-1' });
    }
    await until(async () => (await ready(`${queue}.dead`)) === bodies.length);
    await bus.close();
  };
  const rows = (output: string): string[][] =>
    output.split('\n').map((line) => line.trim().split(/\s{2,}/));
  const parkedRows = async (): Promise<string[][]> => {
    const [, output] = await command(['list', queue]);
    const lines = rows(output);
    return lines.slice(lines.findIndex(([first]) => first === 'message id') + 1, -1);
  };

  it('lists the counts of a queue with nothing parked, and declares none', async () => {
    await channel.deleteQueue(queue);
    expect(await command(['list', queue])).toEqual([
      1,
      `no queue ${queue} at ${new URL(rabbitUrl).host}\n`,
    ]);
    await channel.assertQueue(queue);
    const [code, output] = await command(['list', queue]);
    expect(code).toBe(0);
    expect(rows(output)).toEqual([
      ['queue', 'ready', 'consumers'],
      [queue, '0', '0'],
      [''],
      ['Nothing is parked.'],
      [''],
    ]);
    await expect(
      (await model.createChannel()).on('error', () => undefined).checkQueue(`${queue}.dead`),
    ).rejects.toThrow('NOT_FOUND');
  });

  it('lists what is parked, in its order and without bodies, and leaves it there', async () => {
    await park({ id: 1 }, { id: 22 }, { id: 333 });
    const [code, output] = await command(['list', queue]);
    expect(code).toBe(0);
    expect(rows(output).slice(0, 6)).toEqual([
      ['queue', 'ready', 'consumers'],
      [queue, '0', '0'],
      [`${queue}.retry.1`, '0', '0'],
      [`${queue}.retry.2`, '0', '0'],
      [`${queue}.retry.3`, '0', '0'],
      [`${queue}.dead`, '3', '0'],
    ]);
    const parked = await parkedRows();
    expect(
      parked.map(([id, at, ...others]) => [id?.length, TIME.test(at ?? ''), ...others]),
    ).toEqual(['8', '9', '10'].map((bytes) => [36, true, '1', 'poison_message', bytes, 'order-1']));
    expect(output).not.toContain('{');
    expect(await parkedRows()).toEqual(parked);
    expect(await ready(`${queue}.dead`)).toBe(3);
  });

  it('lists as many as asked for, with bodies where asked for, harmless to a terminal', async () => {
    await park({ id: '\u001b[2J' }, 2, 3);
    const parked = await parkedRows();
    const [, output] = await command(['list', `${queue}.dead`, '--limit', '2', '--bodies']);
    const from = output.split('\n').findIndex((line) => line.startsWith('message id'));
    expect(rows(output).slice(from + 1)).toEqual([
      parked[0],
      ['{"id":"\\u001b[2J"}'],
      parked[1],
      ['2'],
      ['and 1 more; see them with --limit 3'],
      [''],
    ]);
  });

  it('puts messages back, which are then handled, in their trace', async () => {
    const traceId = randomUUID().replaceAll('-', '');
    const parent = `00-${traceId}-00f067aa0ba902b7-01`;
    await park({ id: 1 }, { id: 2 });
    const properties = {
      contentType: 'application/json',
      messageId: 'theirs',
      headers: { traceparent: parent, __TypeId__: 'Shipment', 'x-sockshop-failures': 4 },
    };
    channel.sendToQueue(`${queue}.dead`, Buffer.from('{"id":3}'), properties);
    await channel.waitForConfirms();
    expect(await command(['replay', queue])).toEqual([
      0,
      `Put 3 messages back into ${queue}; nobody consumes it now.\n`,
    ]);
    expect(await ready(`${queue}.dead`)).toBe(0);

    const handled: unknown[] = [];
    const consumer = await openBus(rabbitUrl, await Telemetry.start('consumer'), {
      topology: { queues: [{ name: queue, durable: true }] },
      log: { log: () => undefined, warn: () => undefined, error: () => undefined },
    });
    consumer.consume({ queue, prefetch: 1 }, ({ body, headers, messageId, attempt }) => {
      const { traceparent, __typeid__: type, ...others } = headers;
      const failures = Object.keys(others).filter((name) => name.startsWith('x-sockshop'));
      handled.push({ body, attempt, failures });
      if (messageId === 'theirs') handled.push([traceparent, type]);
      return Promise.resolve();
    });
    await until(() => handled.length === 4);
    expect(handled).toEqual([
      ...[1, 2, 3].map((id) => ({ body: { id }, attempt: 0, failures: [] })),
      [parent, 'Shipment'],
    ]);
    await consumer.close();
    expect(await command(['replay', queue])).toEqual([0, 'Nothing is parked.\n']);
  });

  it('puts one message back by its id, or the oldest ones, and leaves the others in their order', async () => {
    await park(1, 2, 3, 4);
    const ids = (await parkedRows()).map(([id]) => id);
    expect(await command(['replay', queue, '--id', ids[2]!])).toEqual([
      0,
      `Put 1 message back into ${queue}; nobody consumes it now.\n`,
    ]);
    expect((await parkedRows()).map(([id]) => id)).toEqual([ids[0], ids[1], ids[3]]);
    await command(['replay', queue, '--limit', '2']);
    expect((await parkedRows()).map(([id]) => id)).toEqual([ids[3]]);
    expect(await command(['replay', queue, '--id', 'nosuch'])).toEqual([
      1,
      `no message nosuch in ${queue}.dead\n`,
    ]);
  });

  it('puts many back in their order', async () => {
    await channel.assertQueue(`${queue}.dead`);
    const bodies = Array.from({ length: 250 }, (_, index) => String(index));
    for (const body of bodies) channel.sendToQueue(`${queue}.dead`, Buffer.from(body));
    await channel.waitForConfirms();
    const [, said] = await command(['replay', queue]);
    expect(said).toMatch(/^Put 250 messages back/);
    const back: string[] = [];
    for (;;) {
      const message = await channel.get(queue, { noAck: true });
      if (!message) break;
      back.push(message.content.toString());
    }
    expect(back).toEqual(bodies);
  });

  it('leaves parked what its queue does not take, and says so', async () => {
    await park(1);
    await channel.deleteQueue(queue);
    const host = new URL(rabbitUrl).host;
    expect(await command(['replay', queue])).toEqual([
      1,
      `no queue ${queue} at ${host} to put what is parked back into\n`,
    ]);
    // Full, and so it refuses the second one.
    await channel.assertQueue(queue, { maxLength: 1, overflow: 'reject-publish' });
    channel.sendToQueue(queue, Buffer.from('full'));
    await channel.waitForConfirms();
    expect(await command(['replay', queue])).toEqual([
      1,
      `queue ${queue} did not take the message\n`,
    ]);
    expect(await ready(`${queue}.dead`)).toBe(1);
  });

  it('deletes parked messages only with --yes, and only those', async () => {
    await park(1, 2);
    await bus.close();
    channel.sendToQueue(queue, Buffer.from('stays'));
    await channel.waitForConfirms();
    expect(await command(['purge', queue])).toEqual([
      1,
      `2 messages in ${queue}.dead: to delete them, add --yes\n`,
    ]);
    expect(await ready(`${queue}.dead`)).toBe(2);
    expect(await command(['purge', queue, '--yes'])).toEqual([
      0,
      `Deleted 2 messages from ${queue}.dead.\n`,
    ]);
    expect([await ready(queue), await ready(`${queue}.dead`)]).toEqual([1, 0]);
    expect(await command(['purge', 'nosuch', '--yes'])).toEqual([
      1,
      `no queue nosuch.dead at ${new URL(rabbitUrl).host}\n`,
    ]);
  });

  it('tells where a user is needed', async () => {
    const url = new URL(rabbitUrl);
    url.password = 'wrong';
    const [code, output] = await command(['list', '--url', url.href]);
    expect(code).toBe(1);
    expect(output).toContain('name it with user and password in RABBITMQ_URL');
    expect(output).not.toContain('wrong');
  });
});
