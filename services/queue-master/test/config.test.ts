import { describe, expect, it } from '@jest/globals';
import { QueueMasterConfig } from '../src/config.ts';

describe('QueueMasterConfig', () => {
  it("uses the original's names by default", () => {
    expect(QueueMasterConfig.read({})).toMatchObject({
      port: 80,
      host: '::',
      busUrl: 'amqp://guest:guest@rabbitmq:5672',
      queue: { name: 'shipping-task', durable: true },
      shippingDurationMs: 2000,
      prefetch: 50,
    });
  });

  it.each([
    [{ 'spring.rabbitmq.host': 'mq' }, []],
    [{ SPRING_RABBITMQ_HOST: 'mq' }, []],
    [{}, ['--port=80', '--spring.rabbitmq.host=mq']],
  ])("takes the host of the original's setting %j %j", (env, argv) => {
    expect(QueueMasterConfig.read(env, argv).busUrl).toBe('amqp://guest:guest@mq:5672');
  });

  it.each(['amqp://mq', 'amqps://u:p@mq:5671/shop', 'memory:/home/some body/.sockshop'])(
    'prefers %s to the host',
    (url) => {
      const env = { RABBITMQ_URL: url, SPRING_RABBITMQ_HOST: 'other' };
      expect(QueueMasterConfig.read(env).busUrl).toBe(url);
    },
  );

  it.each([
    ['RABBITMQ_URL', 'http://mq'],
    ['RABBITMQ_URL', 'amqp://'],
    ['SHIPPING_QUEUE_DURABLE', 'maybe'],
    ['SHIPPING_DURATION_MS', '2s'],
    ['SHIPPING_PREFETCH', '0'],
    ['PORT', 'eighty'],
  ])('stops at start and names the variable when %s is wrong', (variable, value) => {
    expect(() => QueueMasterConfig.read({ [variable]: value })).toThrow(variable);
  });
});
