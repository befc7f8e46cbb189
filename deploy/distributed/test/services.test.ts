import { describe, expect, it } from '@jest/globals';
import { type ServiceName, SERVICES } from '@sockshop/parts';
import { START } from '../src/options.ts';
import { instancesFor, routerPortsFor, variables } from '../src/services.ts';

const servers = {
  mysql: 'mysql://root@127.0.0.1:3307/',
  mongo: 'mongodb://a.example:27018,b.example:27019/?replicaSet=rs0',
  rabbitmq: 'amqp://guest:guest@127.0.0.1:5673',
  zipkin: 'http://127.0.0.1:9411',
};

describe('the services of the distributed shop', () => {
  const shop = async (...argv: string[]) => shopOn(servers.mongo, ...argv);
  const shopOn = async (mongo: string, ...argv: string[]) => {
    const options = START.parse(argv, { from: 'user' }).opts();
    const all = await instancesFor(options);
    const ports = await routerPortsFor(options);
    const env = (service: ServiceName) =>
      variables(
        all.find(({ name }) => name === service)!,
        ports,
        { ...servers, mongo },
        '/shop/session.key',
      );
    return { all, ports, env };
  };

  it.each([
    [[], 8080],
    [['--port', '9000'], 9000],
  ])(
    'have doors at the ports after the shop, and the front-end the one before it: %p',
    async (argv, port) => {
      const { all, ports } = await shop(...argv);
      expect(ports.edge).toBe(port);
      expect(ports.doors).toEqual(
        Object.fromEntries(SERVICES.slice(1).map(({ name }, index) => [name, port + 1 + index])),
      );
      expect(all[0]).toMatchObject({ name: 'front-end', port: port - 1 });
    },
  );

  it('get own names and free ports for further instances', async () => {
    const { all } = await shop('--instances', 'queue-master=3', '--instances', 'orders=2');
    const names = SERVICES.map(({ name }) => name as string);
    const further = all.filter(({ name }) => !names.includes(name));
    expect(further.map(({ name, service }) => [name, service.name])).toEqual([
      ['orders-2', 'orders'],
      ['queue-master-2', 'queue-master'],
      ['queue-master-3', 'queue-master'],
    ]);
    expect(new Set(all.map(({ port }) => port)).size).toBe(SERVICES.length + 3);
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
    const { all, env } = await shop();
    const portOf = (service: ServiceName) => String(all.find(({ name }) => name === service)?.port);
    expect(env('payment')).toEqual({
      HOST: '127.0.0.1',
      PORT: portOf('payment'),
      OTEL_SERVICE_NAME: 'payment',
      ZIPKIN: 'http://127.0.0.1:9411/api/v2/spans',
    });
    expect(env('queue-master')).toEqual({
      HOST: '127.0.0.1',
      PORT: portOf('queue-master'),
      OTEL_SERVICE_NAME: 'queue-master',
      ZIPKIN: 'http://127.0.0.1:9411/api/v2/spans',
      RABBITMQ_URL: 'amqp://guest:guest@127.0.0.1:5673',
    });
  });

  it('are called by name, through the router', async () => {
    const { env, ports } = await shop('--port', '9000');
    expect(env('orders')).toMatchObject({
      MESH_URL: `http://127.0.0.1:${ports.mesh}`,
      CARTS_URL: 'http://carts',
      PAYMENT_URL: 'http://payment',
      USER_URL: 'http://user',
      SHIPPING_URL: 'http://shipping',
    });
    expect(env('front-end')).toMatchObject({
      MESH_URL: `http://127.0.0.1:${ports.mesh}`,
      CATALOGUE_URL: 'http://catalogue',
      CARTS_URL: 'http://carts',
      ORDERS_URL: 'http://orders',
      USER_URL: 'http://user',
      SESSION_KEY_FILE: '/shop/session.key',
    });
  });
});
