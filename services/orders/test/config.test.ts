import { describe, expect, it } from '@jest/globals';
import { OrdersConfig } from '../src/config.ts';

describe("orders' settings", () => {
  it("accept the original's flags and default hosts", () => {
    const config = OrdersConfig.read({}, ['--port=8080', '--db=elsewhere', '--domain=example']);
    expect(config.port).toBe(8080);
    expect(config.databaseUrl).toBe('mongodb://elsewhere:27017/data');
    expect(config.upstreams).toEqual({
      user: 'http://user',
      carts: 'http://carts',
      payment: 'http://payment.example',
      shipping: 'http://shipping.example',
    });
  });

  it.each([
    ['SWEEP_AFTER_MS', 'soon'],
    ['RABBITMQ_URL', 'rabbitmq:5672'],
    ['RABBITMQ_URL', 'amqp://a:b:c'],
  ])('stop the start when %s is %s, and the error names it', (name, value) => {
    expect(() => OrdersConfig.read({ [name]: value })).toThrow(name);
  });

  it("keep an order within front-end's time limit, even after the longest wait and with slow neighbours", () => {
    const { checkoutWaitMs, upstreamTimeoutMs } = OrdersConfig.read({});
    const inARow = 3; // documents, payment, shipping and cart
    expect(checkoutWaitMs + inARow * upstreamTimeoutMs).toBeLessThan(8000); // its ORDER_TIMEOUT_MS
  });
});
