import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ServiceUnderTest } from '@sockshop/service-testing';
import { TcpProxy, until } from '@sockshop/testing';
import { mongo, newDatabase } from '@sockshop/testing/real-servers';
import { Mongoose, type mongo as driver, Types } from 'mongoose';
import { logIn, startUser } from './running-user.ts';

jest.setTimeout(30_000); // busy machines; hashes are slow by design

const A = 'a'.repeat(24);
const link = (rest = '') => ({ href: `http://user/customers/${A}${rest}` });
/** What an original front-end reads of any response. Without it, it ends. */
const EMPTY_SHAPES: [path: string, shape: object][] = [
  ['/customers', { _embedded: { customer: [] } }],
  ['/addresses', { _embedded: { address: [] } }],
  ['/cards', { _embedded: { card: [] } }],
  [`/customers/${A}/addresses`, { _embedded: { address: [] } }],
  [`/customers/${A}/cards`, { _embedded: { card: [] } }],
  [
    `/customers/${A}`,
    { _links: { customer: link(), addresses: link('/addresses'), cards: link('/cards') } },
  ],
];

async function unavailable(service: ServiceUnderTest): Promise<void> {
  const id = 'a'.repeat(24);
  const calls = [
    logIn(service, 'user', 'password'),
    service.send('POST', '/register', { username: 'a', password: 'b' }),
    service.send('POST', '/customers', { username: 'a' }),
    service.send('POST', '/addresses', {}),
    service.send('POST', '/cards', { longNum: '4111111111111111' }),
    service.send('GET', `/customers/${id}/addresses`),
    service.send('GET', `/customers/${id}/cards`),
    ...['customers', 'addresses', 'cards'].flatMap((kind) => [
      service.send('GET', `/${kind}`),
      service.send('GET', `/${kind}/${id}`),
      service.send('DELETE', `/${kind}/${id}`),
    ]),
  ];
  for (const response of await Promise.all(calls)) {
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({
      status: 503,
      error: 'user-db is not available at the moment',
      status_code: 500,
    });
  }
  for (const [path, shape] of EMPTY_SHAPES) {
    expect(await (await service.send('GET', path)).json()).toMatchObject(shape);
  }
  expect((await service.send('GET', '/readyz')).status).toBe(503);
  expect((await service.send('GET', '/livez')).status).toBe(200);
  const health = await service.send('GET', '/health');
  expect(health.status).toBe(200);
  expect(await health.json()).toMatchObject({
    health: [
      { service: 'user', status: 'OK' },
      { service: 'user-db', status: 'err' },
    ],
  });
}

describe('user without its database', () => {
  it('starts, answers 503 on every store route, and is alive but not ready', async () => {
    const nowhere = await TcpProxy.reserve('mongodb://127.0.0.1:1/users');
    const service = await startUser(nowhere.url);
    await unavailable(service);
    await service.close();
  });
});

mongo.suite('user while MongoDB starts, stops and returns', () => {
  let proxy: TcpProxy;
  let service: ServiceUnderTest;

  beforeAll(async () => {
    proxy = await TcpProxy.reserve(newDatabase(mongo, 'users'));
    service = await startUser(proxy.url);
    await unavailable(service);
    await proxy.restore();
  });
  afterAll(async () => {
    await service.close();
    await proxy.cut();
  });

  it('serves once MongoDB is available, answers 503 while it is not, and recovers by itself', async () => {
    await service.ready();
    expect((await logIn(service, 'user', 'password')).status).toBe(200);

    await proxy.cut();
    await until(async () => (await service.status('/readyz')) === 503);
    await unavailable(service);

    await proxy.restore();
    await service.ready();
    expect((await logIn(service, 'user', 'password')).status).toBe(200);
  });
});

mongo.suite("user on the original's database", () => {
  const ids = {
    ann: new Types.ObjectId(),
    home: new Types.ObjectId(),
    work: new Types.ObjectId(),
    card: new Types.ObjectId(),
    gone: new Types.ObjectId(),
  };
  const url = newDatabase(mongo, 'users');
  let service: ServiceUnderTest;
  let database: driver.Db;
  const mongoose = new Mongoose();

  beforeAll(async () => {
    await mongoose.connect(url);
    database = mongoose.connection.db!;
    await database.collection('customers').createIndex({ username: 1 }, { unique: true }, {});
    await database.collection('customers').insertOne({
      _id: ids.ann,
      firstName: 'Ann',
      lastName: 'Ash',
      username: 'ann',
      // SHA-1 of `salt` and `eve`, the hash of the seed
      password: 'fec51acb3365747fc61247da5e249674cf8463c2',
      salt: 'c748112bc027878aa62812ba1ae00e40ad46d497',
      links: {},
      addresses: [ids.work, ids.gone, ids.home],
      cards: [ids.card],
    });
    await database.collection('addresses').insertMany([
      { _id: ids.home, street: 'Home Road', links: {} },
      { _id: ids.work, street: 'Work Road', number: '2', city: 'C', postcode: 'P', country: 'UK' },
    ]);
    const card = { _id: ids.card, longNum: '1234', expires: '01/20', ccv: '678' };
    await database.collection('cards').insertOne(card);
    service = await startUser(url);
    await service.ready();
  });
  afterAll(async () => {
    await service.close();
    await mongoose.disconnect();
  });

  const stored = () => database.collection('customers').findOne({ _id: ids.ann });

  it('GET /login answers 200 and hashes the password again the first time', async () => {
    expect((await logIn(service, 'ann', 'wrong')).status).toBe(401);
    expect(await stored()).toMatchObject({ salt: expect.any(String) });
    for (let time = 0; time < 2; time += 1) {
      expect((await logIn(service, 'ann', 'eve')).status).toBe(200);
      const document = await stored();
      expect(document?.['password']).toMatch(/^\$argon2id\$v=19\$m=33792,t=2,p=1\$/);
      expect(document).not.toHaveProperty('salt');
      expect(document).toMatchObject({ links: {}, cards: [ids.card] });
    }
    expect((await logIn(service, 'ann', 'wrong')).status).toBe(401);
    const renewed = service.lines.filter((line) => line.includes('password hashed again'));
    expect(renewed).toHaveLength(1);
  });

  it('forgets a good login when its stored hash changes', async () => {
    expect((await logIn(service, 'ann', 'eve')).status).toBe(200);
    const before = (await stored())?.['password'] as string; // asserted above
    await database
      .collection('customers')
      .updateOne({ _id: ids.ann }, { $set: { password: before.replace(/.{6}$/, 'AAAAAA') } });
    expect((await logIn(service, 'ann', 'eve')).status).toBe(401);
    await database
      .collection('customers')
      .updateOne({ _id: ids.ann }, { $set: { password: before } });
    expect((await logIn(service, 'ann', 'eve')).status).toBe(200);
  });

  it('GET /customers/{id}/addresses answers 200 in the order of the id list, without ids that have no document', async () => {
    const response = await service.send('GET', `/customers/${ids.ann.toString()}/addresses`);
    const empty = { number: '', country: '', city: '', postcode: '' };
    expect(await response.json()).toMatchObject({
      _embedded: {
        address: [
          { street: 'Work Road', number: '2', id: ids.work.toString() },
          { street: 'Home Road', ...empty, id: ids.home.toString() },
        ],
      },
    });
  });

  it('GET /cards/{id} answers 200 without the ccv that the original stored', async () => {
    const response = await service.send('GET', `/cards/${ids.card.toString()}`);
    expect(await response.json()).toMatchObject({ longNum: '1234', expires: '01/20', ccv: '***' });
  });

  it('stores no ccv, and adds no seed data to existing customers', async () => {
    const body = { longNum: '4111111111111111', ccv: '123' };
    const { id } = (await (await service.send('POST', '/cards', body)).json()) as { id: string };
    const cards = database.collection('cards');
    expect(await cards.findOne({ _id: new Types.ObjectId(id) })).toEqual({
      _id: new Types.ObjectId(id),
      longNum: '4111111111111111',
      expires: '',
    });
    expect(await database.collection('customers').countDocuments()).toBe(1);
  });
});
