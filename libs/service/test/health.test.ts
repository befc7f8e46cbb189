import { afterEach, describe, expect, it } from '@jest/globals';
import { HealthReport } from '../src/health.ts';
import { type Shelf, startShelf } from './sock-shelf.ts';

const fine = (): Promise<void> => Promise.resolve();
const broken = (): Promise<void> => Promise.reject(new Error('unavailable'));
const hanging = (): Promise<void> => new Promise(() => undefined);
const throwing = (): Promise<void> => {
  throw new Error('closed');
};
const GO_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \+0000 UTC$/);
const ISO_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('HealthReport', () => {
  it("has the time in the field and form of the original's Go services", async () => {
    const report = new HealthReport({
      service: 'user',
      timeField: 'time',
      dependencies: { 'user-db': fine },
    });
    expect(await report.report()).toEqual({
      health: [
        { service: 'user', status: 'OK', time: GO_TIME },
        { service: 'user-db', status: 'OK', time: GO_TIME },
      ],
    });
  });

  it("has the time in the field and form of the original's Java services", async () => {
    const report = new HealthReport({
      service: 'carts',
      timeField: 'date',
      dependencies: { 'carts-db': fine },
    });
    expect(await report.report()).toEqual({
      health: [
        { service: 'carts', status: 'OK', date: ISO_TIME },
        { service: 'carts-db', status: 'OK', date: ISO_TIME },
      ],
    });
  });

  it('lists dependencies before the service where the original does', async () => {
    const dependencies = { 'shipping-rabbitmq': broken };
    const report = new HealthReport({
      service: 'shipping',
      timeField: 'date',
      dependencies,
      dependenciesFirst: true,
    });
    expect(await report.report()).toEqual({
      health: [
        { service: 'shipping-rabbitmq', status: 'err', date: ISO_TIME },
        { service: 'shipping', status: 'OK', date: ISO_TIME },
      ],
    });
  });

  it.each([
    ['answers', fine, 'OK', true],
    ['rejects', broken, 'err', false],
    ['throws at once', throwing, 'err', false],
    ['hangs', hanging, 'err', false],
  ])('of a check that %s', async (_case, check, status, ready) => {
    const report = new HealthReport({
      service: 'user',
      timeField: 'time',
      dependencies: { db: check },
    });
    const { health } = await report.report();
    expect(health.map((entry) => entry['status'])).toEqual(['OK', status]);
    expect(await report.ready()).toBe(ready);
  });
});

describe('probes', () => {
  let shelf: Shelf;
  afterEach(() => shelf.service.close());
  const get = async (path: string): Promise<[number, string | null, string]> => {
    const response = await fetch(`${shelf.service.url}${path}`);
    return [response.status, response.headers.get('content-type'), await response.text()];
  };

  it('GET /health answers 200 while a dependency is unavailable; GET /readyz 503; GET /livez 200', async () => {
    shelf = await startShelf({ health: { dependencies: { 'shelf-db': broken } } });
    const [status, type, body] = await get('/health');
    expect([status, type]).toEqual([200, 'application/json; charset=utf-8']);
    expect(JSON.parse(body)).toEqual({
      health: [
        { service: 'shelf', status: 'OK', time: GO_TIME },
        { service: 'shelf-db', status: 'err', time: GO_TIME },
      ],
    });
    expect(await get('/readyz')).toEqual([503, 'text/plain; charset=utf-8', 'not ready']);
    expect(await get('/livez')).toEqual([200, 'text/plain; charset=utf-8', 'ok']);
  });

  it('GET /health has the media type that the service names', async () => {
    shelf = await startShelf({ health: { mediaType: 'application/hal+json' } });
    expect((await get('/health'))[1]).toBe('application/hal+json');
  });

  it('GET /readyz answers 503 while the service drains; GET /livez still 200', async () => {
    shelf = await startShelf();
    expect(await get('/readyz')).toEqual([200, 'text/plain; charset=utf-8', 'ok']);
    shelf.health.draining = true;
    expect((await get('/readyz'))[0]).toBe(503);
    expect((await get('/livez'))[0]).toBe(200);
  });
});
