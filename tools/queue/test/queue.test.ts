import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { MessageBus, PoisonMessageError } from '@sockshop/messaging';
import { Telemetry } from '@sockshop/telemetry';
import { until } from '@sockshop/testing';
import { rabbitmq } from '@sockshop/testing/real-servers';
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { command } from './queue-command.ts';

jest.setTimeout(30_000);

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

rabbitmq.suite('npm run queue at RabbitMQ', () => {
  let queue: string;
  let model: ChannelModel;
  let channel: ConfirmChannel;
  let bus: MessageBus;
  const NAMES = ['', '.retry.1', '.retry.2', '.retry.3', '.dead'];

  beforeEach(async () => {
    queue = `tasks-${randomUUID().slice(0, 8)}`;
    model = await connect(rabbitmq.url);
    channel = await model.createConfirmChannel();
    bus = await MessageBus.open(rabbitmq.url, await Telemetry.start('consumer'), {
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
  /** From end to end: a consumer of ours refuses each message until it is dead-lettered. */
  const deadLetter = async (...bodies: unknown[]): Promise<void> => {
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
  const deadRows = async (): Promise<string[][]> => {
    const [, output] = await command(['list', queue]);
    const lines = rows(output);
    return lines.slice(lines.findIndex(([first]) => first === 'message id') + 1, -1);
  };

  it('lists the counts of a queue without dead-lettered messages, and declares none', async () => {
    await channel.deleteQueue(queue);
    expect(await command(['list', queue])).toEqual([
      1,
      `no queue ${queue} at ${new URL(rabbitmq.url).host}\n`,
    ]);
    await channel.assertQueue(queue);
    const [code, output] = await command(['list', queue]);
    expect(code).toBe(0);
    expect(rows(output)).toEqual([
      ['queue', 'ready', 'consumers'],
      [queue, '0', '0'],
      [''],
      ['No message is dead-lettered.'],
      [''],
    ]);
    await expect(
      (await model.createChannel()).on('error', () => undefined).checkQueue(`${queue}.dead`),
    ).rejects.toThrow('NOT_FOUND');
  });

  it('lists dead-lettered messages, in their order and without bodies, and leaves them there', async () => {
    await deadLetter({ id: 1 }, { id: 22 }, { id: 333 });
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
    const dead = await deadRows();
    expect(dead.map(([id, at, ...others]) => [id?.length, TIME.test(at ?? ''), ...others])).toEqual(
      ['8', '9', '10'].map((bytes) => [36, true, '1', 'poison_message', bytes, 'order-1']),
    );
    expect(output).not.toContain('{');
    expect(await deadRows()).toEqual(dead);
    expect(await ready(`${queue}.dead`)).toBe(3);
  });

  it('lists as many as asked for, with bodies where asked for, harmless to a terminal', async () => {
    await deadLetter({ id: '\u001b[2J' }, 2, 3);
    const dead = await deadRows();
    const [, output] = await command(['list', `${queue}.dead`, '--limit', '2', '--bodies']);
    const from = output.split('\n').findIndex((line) => line.startsWith('message id'));
    expect(rows(output).slice(from + 1)).toEqual([
      dead[0],
      ['{"id":"\\u001b[2J"}'],
      dead[1],
      ['2'],
      ['and 1 more; see them with --limit 3'],
      [''],
    ]);
  });

  it('puts messages back, which are then handled, in their trace', async () => {
    const traceId = randomUUID().replaceAll('-', '');
    const parent = `00-${traceId}-00f067aa0ba902b7-01`;
    await deadLetter({ id: 1 }, { id: 2 });
    const properties = {
      contentType: 'application/json',
      messageId: 'theirs',
      headers: { traceparent: parent, __TypeId__: 'Shipment', 'x-sockshop-failures': 4 },
    };
    channel.sendToQueue(`${queue}.dead`, Buffer.from('{"id":3}'), properties);
    await channel.waitForConfirms();
    expect(await command(['replay', queue])).toEqual([
      0,
      `Put 3 messages back into ${queue}; it has no consumer now.\n`,
    ]);
    expect(await ready(`${queue}.dead`)).toBe(0);

    const handled: unknown[] = [];
    const consumer = await MessageBus.open(rabbitmq.url, await Telemetry.start('consumer'), {
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
    expect(await command(['replay', queue])).toEqual([0, 'No message is dead-lettered.\n']);
  });

  it('puts one message back by its id, or the oldest ones, and leaves the others in their order', async () => {
    await deadLetter(1, 2, 3, 4);
    const ids = (await deadRows()).map(([id]) => id);
    expect(await command(['replay', queue, '--id', ids[2]!])).toEqual([
      0,
      `Put 1 message back into ${queue}; it has no consumer now.\n`,
    ]);
    expect((await deadRows()).map(([id]) => id)).toEqual([ids[0], ids[1], ids[3]]);
    await command(['replay', queue, '--limit', '2']);
    expect((await deadRows()).map(([id]) => id)).toEqual([ids[3]]);
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

  it('leaves dead-lettered what its queue does not take, and says so', async () => {
    await deadLetter(1);
    await channel.deleteQueue(queue);
    const host = new URL(rabbitmq.url).host;
    expect(await command(['replay', queue])).toEqual([
      1,
      `no queue ${queue} at ${host} to put the messages back into\n`,
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

  it('deletes dead-lettered messages only with --yes, and only those', async () => {
    await deadLetter(1, 2);
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
      `no queue nosuch.dead at ${new URL(rabbitmq.url).host}\n`,
    ]);
  });

  it('says where a user is needed', async () => {
    const url = new URL(rabbitmq.url);
    url.password = 'wrong';
    const [code, output] = await command(['list', '--url', url.href]);
    expect(code).toBe(1);
    expect(output).toContain('name it with user and password in RABBITMQ_URL');
    expect(output).not.toContain('wrong');
  });
});
