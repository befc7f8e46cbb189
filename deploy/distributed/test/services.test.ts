import { describe, expect, it } from '@jest/globals';
import { type ServiceName, SERVICES } from '@sockshop/parts';
import { START } from '../src/options.ts';
import { instancesFor, variables } from '../src/services.ts';

const servers = {
  mysql: 'mysql://root@127.0.0.1:3307/',
  mongo: 'mongodb://a.example:27018,b.example:27019/?replicaSet=rs0',
  rabbitmq: 'amqp://guest:guest@127.0.0.1:5673',
  zipkin: 'http://127.0.0.1:9411',
};

describe('the services of the distributed shop', () => {
  const shop = async (...argv: string[]) => shopOn(servers.mongo, ...argv);
  const shopOn = async (mongo: string, ...argv: string[]) => {
    const all = await instancesFor(START.parse(argv, { from: 'user' }).opts());
    const env = (service: ServiceName) =>
      variables(
        all.find(({ name }) => name === service)!,
        all,
        { ...servers, mongo },
        '/shop/session.key',
      );
    return { all, env };
  };

  it('take the ports after the front-end', async () => {
    const { all } = await shop();
    expect(all.map(({ name, port }) => [name, port])).toEqual(
      SERVICES.map(({ name }, index) => [name, 8080 + index]),
    );
    const moved = await shop('--port', '9000');
    expect(moved.all.map(({ port }) => port)).toEqual(
      SERVICES.map((_service, index) => 9000 + index),
    );
  });

  it('get own names and free ports for further instances', async () => {
    const { all } = await shop('--instances', 'queue-master=3');
    const further = all.slice(SERVICES.length);
    expect(further.map(({ name, service }) => [name, service.name])).toEqual([
      ['queue-master-2', 'queue-master'],
      ['queue-master-3', 'queue-master'],
    ]);
    expect(new Set(all.map(({ port }) => port)).size).toBe(SERVICES.length + 2);
  });

  it('send traces to Zipkin, from which only the front-end reads them', async () => {
    const { env } = await shop();
    expect(env('front-end')).toMatchObject({
      ZIPKIN: 'http://127.0.0.1:9411/api/v2/spans',
      TRACES_URL: 'http://127.0.0.1:9411',
      TRACES_PUBLIC_URL: 'http://127.0.0.1:9411',
    });
    expect(env('carts')).not.toHaveProperty('TRACES_URL');
  });

  it.each([
    ['catalogue', 'mysql://root@127.0.0.1:3307/socksdb'],
    ['carts', 'mongodb://a.example:27018,b.example:27019/data?replicaSet=rs0'],
    ['orders', 'mongodb://a.example:27018,b.example:27019/data?replicaSet=rs0'],
    ['user', 'mongodb://a.example:27018,b.example:27019/users?replicaSet=rs0'],
  ] as const)('%s keeps its data in %s', async (service, url) => {
    const { env } = await shop();
    expect(env(service)['DATABASE_URL']).toBe(url);
  });

  it.each([
    ['mongodb://eve:pw@a.example:1', '/data?authSource=admin'],
    ['mongodb://eve:pw@a.example:1/', '/data?authSource=admin'],
    ['mongodb://eve:pw@a.example:1/shop', '/data?authSource=shop'],
    ['mongodb://eve:pw@a.example:1/?tls=true', '/data?tls=true&authSource=admin'],
    ['mongodb://eve:pw@a.example:1/?authSource=people', '/data?authSource=people'],
    ['mongodb://eve@a.example:1/?authMechanism=MONGODB-X509', '/data?authMechanism=MONGODB-X509'],
  ])('authenticate at %s in the database that knows the user', async (mongo, path) => {
    const { env } = await shopOn(mongo);
    expect(env('carts')['DATABASE_URL']).toBe(/^[^/]+\/\/[^/?]+/.exec(mongo)![0] + path);
  });

  it('get the variables that they use and no other', async () => {
    const { env } = await shop();
    expect(env('payment')).toEqual({
      HOST: '127.0.0.1',
      PORT: '8084',
      OTEL_SERVICE_NAME: 'payment',
      ZIPKIN: 'http://127.0.0.1:9411/api/v2/spans',
    });
    expect(env('queue-master')).toEqual({
      HOST: '127.0.0.1',
      PORT: '8087',
      OTEL_SERVICE_NAME: 'queue-master',
      ZIPKIN: 'http://127.0.0.1:9411/api/v2/spans',
      RABBITMQ_URL: 'amqp://guest:guest@127.0.0.1:5673',
    });
  });

  it('are called at their own ports', async () => {
    const { env } = await shop('--port', '9000');
    expect(env('orders')).toMatchObject({
      CARTS_URL: 'http://127.0.0.1:9002',
      PAYMENT_URL: 'http://127.0.0.1:9004',
      USER_URL: 'http://127.0.0.1:9005',
      SHIPPING_URL: 'http://127.0.0.1:9006',
    });
    expect(env('front-end')).toMatchObject({
      CATALOGUE_URL: 'http://127.0.0.1:9001',
      CARTS_URL: 'http://127.0.0.1:9002',
      ORDERS_URL: 'http://127.0.0.1:9003',
      USER_URL: 'http://127.0.0.1:9005',
      SESSION_KEY_FILE: '/shop/session.key',
    });
  });
});
