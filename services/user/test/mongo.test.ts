import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Mongoose, type mongo, Types } from 'mongoose';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type Door, openDoor } from './door.ts';
import { newMongoUrl, until, withMongo } from './stores.ts';

jest.setTimeout(30_000); // busy machines; hashes are slow by design

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server's address is an object
  server.close();
  await once(server, 'close');
  return port;
}

async function unavailable(door: Door): Promise<void> {
  const id = 'a'.repeat(24);
  const calls = [
    door.login('user', 'password'),
    door.send('POST', '/register', { username: 'a', password: 'b' }),
    door.send('POST', '/customers', { username: 'a' }),
    door.send('POST', '/addresses', {}),
    door.send('POST', '/cards', { longNum: '4111111111111111' }),
    door.send('GET', `/customers/${id}/addresses`),
    door.send('GET', `/customers/${id}/cards`),
    ...['customers', 'addresses', 'cards'].flatMap((kind) => [
      door.send('GET', `/${kind}`),
      door.send('GET', `/${kind}/${id}`),
      door.send('DELETE', `/${kind}/${id}`),
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
  expect((await door.send('GET', '/readyz')).status).toBe(503);
  expect((await door.send('GET', '/livez')).status).toBe(200);
  const health = await door.send('GET', '/health');
  expect(health.status).toBe(200);
  expect(await health.json()).toMatchObject({
    health: [
      { service: 'user', status: 'OK' },
      { service: 'user-db', status: 'err' },
    ],
  });
}

describe('user without its database', () => {
  it('starts, answers every store route with 503, and is alive but not ready', async () => {
    const door = await openDoor(`mongodb://127.0.0.1:${await freePort()}/users`);
    await unavailable(door);
    await door.service.close();
  });
});

withMongo('user on MongoDB that comes and goes', () => {
  let relay: Server;
  let door: Door;
  const sockets = new Set<Socket>();
  const target = new URL(newMongoUrl());

  beforeAll(async () => {
    relay = createServer((socket) => {
      const upstream = connect(Number(target.port), target.hostname);
      for (const end of [socket, upstream]) {
        sockets.add(end);
        end.on('error', () => undefined).on('close', () => sockets.delete(end));
      }
      socket.pipe(upstream).pipe(socket);
    });
    const port = await freePort();
    door = await openDoor(`mongodb://127.0.0.1:${port}${target.pathname}`);
    await unavailable(door);
    relay.listen(port, '127.0.0.1');
  });
  afterAll(async () => {
    await door.service.close();
    relay.close();
    for (const socket of sockets) socket.destroy();
  });

  it('serves when it has come, refuses when it has gone, and serves again by itself', async () => {
    const ready = async () => (await door.send('GET', '/readyz')).status === 200;
    await until(ready);
    expect((await door.login('user', 'password')).status).toBe(200);

    const { port } = relay.address() as AddressInfo; // a TCP server's address is an object
    relay.close();
    for (const socket of sockets) socket.destroy();
    await until(async () => !(await ready()));
    await unavailable(door);

    relay.listen(port, '127.0.0.1');
    await until(ready);
    expect((await door.login('user', 'password')).status).toBe(200);
  });
});

withMongo("user on the original's database", () => {
  const ids = {
    ann: new Types.ObjectId(),
    home: new Types.ObjectId(),
    work: new Types.ObjectId(),
    card: new Types.ObjectId(),
    gone: new Types.ObjectId(),
  };
  const url = newMongoUrl();
  let door: Door;
  let database: mongo.Db;
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
    door = await openDoor(url);
    await until(async () => (await door.send('GET', '/readyz')).status === 200);
  });
  afterAll(async () => {
    await door.service.close();
    await mongoose.disconnect();
  });

  const stored = () => database.collection('customers').findOne({ _id: ids.ann });

  it('GET /login answers 200, and hashes the password again the first time', async () => {
    expect((await door.login('ann', 'wrong')).status).toBe(401);
    expect(await stored()).toMatchObject({ salt: expect.any(String) });
    for (let time = 0; time < 2; time += 1) {
      expect((await door.login('ann', 'eve')).status).toBe(200);
      const document = await stored();
      expect(document?.['password']).toMatch(/^\$argon2id\$v=19\$m=33792,t=2,p=1\$/);
      expect(document).not.toHaveProperty('salt');
      expect(document).toMatchObject({ links: {}, cards: [ids.card] });
    }
    expect((await door.login('ann', 'wrong')).status).toBe(401);
    const renewed = door.lines.filter((line) => line.includes('password hashed again'));
    expect(renewed).toHaveLength(1);
  });

  it('a good login is forgotten when its stored hash changes', async () => {
    expect((await door.login('ann', 'eve')).status).toBe(200);
    const before = (await stored())?.['password'] as string; // asserted above
    await database
      .collection('customers')
      .updateOne({ _id: ids.ann }, { $set: { password: before.replace(/.{6}$/, 'AAAAAA') } });
    expect((await door.login('ann', 'eve')).status).toBe(401);
    await database
      .collection('customers')
      .updateOne({ _id: ids.ann }, { $set: { password: before } });
    expect((await door.login('ann', 'eve')).status).toBe(200);
  });

  it('GET /customers/{id}/addresses answers 200 in the order of the id list, without ids that lead nowhere', async () => {
    const response = await door.send('GET', `/customers/${ids.ann.toString()}/addresses`);
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
    const response = await door.send('GET', `/cards/${ids.card.toString()}`);
    expect(await response.json()).toMatchObject({ longNum: '1234', expires: '01/20', ccv: '***' });
  });

  it('stores no ccv, and nothing of the seed beside customers that are there', async () => {
    const body = { longNum: '4111111111111111', ccv: '123' };
    const { id } = (await (await door.send('POST', '/cards', body)).json()) as { id: string };
    const cards = database.collection('cards');
    expect(await cards.findOne({ _id: new Types.ObjectId(id) })).toEqual({
      _id: new Types.ObjectId(id),
      longNum: '4111111111111111',
      expires: '',
    });
    expect(await database.collection('customers').countDocuments()).toBe(1);
  });
});
