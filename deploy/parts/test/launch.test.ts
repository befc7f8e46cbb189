import { describe, expect, it } from '@jest/globals';
import {
  callersFirst,
  environmentOf,
  HIGHEST_PORT,
  portOf,
  type Service,
  type ServiceName,
  SERVICES,
  startOrder,
} from '../src/index.ts';

const serviceOf = (name: ServiceName): Service => SERVICES.find((each) => each.name === name)!;

describe('the order in which services start', () => {
  it('has every service once, each after those it calls', () => {
    const order = startOrder().map(({ name }) => name);
    expect([...order].sort()).toEqual(SERVICES.map(({ name }) => name).sort());
    for (const { name, upstreams } of SERVICES) {
      const calls = upstreams.map((upstream) => order.indexOf(upstream));
      expect(Math.max(-1, ...calls)).toBeLessThan(order.indexOf(name));
    }
  });
});

describe('the order in which services end', () => {
  it('has callers in groups before those they call', () => {
    expect(callersFirst()).toEqual([['front-end'], ['orders']]);
  });
});

describe('the port of a service', () => {
  it.each([
    ['front-end', 8080, 8080],
    ['orders', 8080, 8083],
    ['orders', 9000, 9003],
    ['orders', 0, 0],
  ] as const)('%s, with the shop at %d: %d', (name, shopPort, port) => {
    expect(portOf(serviceOf(name), shopPort)).toBe(port);
  });

  it('exists for every service when the shop has the highest port', () => {
    const ports = SERVICES.map((service) => portOf(service, HIGHEST_PORT));
    expect(Math.max(...ports)).toBe(65_535);
  });
});

describe('the variables of a service', () => {
  const surroundings = {
    upstream: (name: string) => `http://${name}`,
    database: (_database: unknown, { name }: Service) => `sqlite:${name}`,
    broker: 'memory:shop',
    sessionKeyFile: '/shop/session.key',
  };
  const zipkin = 'http://localhost:9411/';

  it.each<[ServiceName, Record<string, string>]>([
    [
      'orders',
      {
        CARTS_URL: 'http://carts',
        PAYMENT_URL: 'http://payment',
        USER_URL: 'http://user',
        SHIPPING_URL: 'http://shipping',
        DATABASE_URL: 'sqlite:orders',
        RABBITMQ_URL: 'memory:shop',
      },
    ],
    ['payment', {}],
    ['shipping', { RABBITMQ_URL: 'memory:shop' }],
  ])('%s: only the variables that it reads', (name, variables) => {
    expect(environmentOf(serviceOf(name), surroundings)).toEqual(variables);
  });

  it('name the router for services that call others', () => {
    const at = { ...surroundings, mesh: 'http://127.0.0.1:8000' };
    expect(environmentOf(serviceOf('orders'), at)).toMatchObject({
      MESH_URL: 'http://127.0.0.1:8000',
    });
    expect(environmentOf(serviceOf('payment'), at)).toEqual({});
  });

  it('name Zipkin when there is one', () => {
    const at = { ...surroundings, zipkin };
    const spans = { ZIPKIN: 'http://localhost:9411/api/v2/spans' };
    expect(environmentOf(serviceOf('payment'), at)).toEqual(spans);
    expect(environmentOf(serviceOf('front-end'), at)).toMatchObject({
      ...spans,
      ORDERS_URL: 'http://orders',
      SESSION_KEY_FILE: '/shop/session.key',
      TRACES_URL: 'http://localhost:9411',
      TRACES_PUBLIC_URL: 'http://localhost:9411',
    });
  });
});
