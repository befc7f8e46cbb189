import { expect, it } from '@jest/globals';
import { until } from '@sockshop/testing';
import { zipkin } from '@sockshop/testing/real-servers';
import { randomBytes } from 'node:crypto';
import { type ConsumerTrace, MessageSpans } from '../src/amqp.ts';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import type { ZipkinSpan } from '../src/zipkin-encoder.ts';

const { suite, url } = zipkin;

suite('a real Zipkin draws the edges to and from the broker', () => {
  it.each<[ConsumerTrace, number]>([
    ['parent', 1],
    ['links', 3],
  ])('with consumers in mode %s', async (consumers, traces) => {
    const run = randomBytes(4).toString('hex'); // other runs may have left spans there
    const named = (service: string): string => `${service}-${run}`;
    const start = (service: string): Promise<Tracing> =>
      Tracing.start(named(service), tracingConfig({ ZIPKIN: url }));
    const [shipping, queueMaster] = [await start('shipping'), await start('queue-master')];
    const options = { peerName: named('rabbitmq'), consumers };
    const [sender, consumer] = [shipping, queueMaster].map(
      (tracing) => new MessageSpans(options, tracing),
    );
    const target = { exchange: '', routingKey: 'tasks' };
    const headers: Record<string, unknown> = {};
    await sender!.publish(target, headers, () => Promise.resolve());
    const message = { ...target, queue: 'tasks', deliveryTag: 1, headers };
    for (const attempt of [0, 1]) {
      const handled = attempt === 0 ? Promise.reject(new RangeError('no')) : Promise.resolve();
      const settle = (): Promise<void> => Promise.resolve();
      await consumer!.process({ ...message, attempt }, () => handled, settle);
    }
    await Promise.all([shipping.shutdown(), queueMaster.shutdown()]);

    const read = async <T>(path: string): Promise<T[]> =>
      (await (await fetch(`${url}/api/v2/${path}`)).json()) as T[];
    const query = `endTs=${Date.now() + 1000}&lookback=600000&limit=100`;
    const found = async (): Promise<ZipkinSpan[]> => {
      const services = [named('shipping'), named('queue-master')];
      const all = services.map((name) => read<ZipkinSpan[]>(`traces?serviceName=${name}&${query}`));
      return (await Promise.all(all)).flat(2);
    };
    const spans = await until(found, (all) => new Set(all.map(({ id }) => id)).size === 3);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(traces);
    const created = spans.find(({ kind }) => kind === 'PRODUCER')!;
    const processed = spans.filter(({ kind }) => kind === 'CONSUMER');
    for (const { parentId, tags } of processed) {
      const reason = '{"link.reason":"creation of the message"}';
      const link = `${created.traceId}|${created.id}||${reason}|0`;
      expect([parentId, tags['otlp.link.0']]).toEqual(
        consumers === 'parent' ? [created.id, undefined] : [undefined, link],
      );
    }
    interface Edge {
      parent: string;
      child: string;
    }
    const edges = async (): Promise<Edge[]> =>
      (await read<Edge>(`dependencies?${query}`)).filter(({ parent }) => parent.endsWith(run));
    const drawn = await until(edges, (all) => all.length === 2);
    expect(drawn.sort((one, other) => one.child.localeCompare(other.child))).toEqual([
      { parent: named('rabbitmq'), child: named('queue-master'), callCount: 2, errorCount: 1 },
      { parent: named('shipping'), child: named('rabbitmq'), callCount: 1 },
    ]);
  });
});
