import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { Telemetry } from '@sockshop/telemetry';
import { tracingConfig } from '@sockshop/tracing';
import { randomUUID } from 'node:crypto';
import type { NewCustomer, UserStore } from '../src/user-store.ts';
import { ADAPTERS, openStore } from './stores.ts';

jest.setTimeout(30_000); // busy machines; hashes are slow by design

const UNKNOWN = 'ffffffffffffffffffffffff';
const ID = expect.stringMatching(/^[\da-f]{24}$/);
const address = (number: number) => ({
  street: 'Main Road',
  number: String(number),
  country: 'UK',
  city: 'Leeds',
  postcode: '',
});
const card = (n: number) => ({ longNum: String(4_000_000_000_000 + n), expires: '01/30' });
const aCustomer = (given: Partial<NewCustomer> = {}): NewCustomer => ({
  username: randomUUID(),
  firstName: 'Ann',
  lastName: 'Ash',
  email: 'ann@example.com',
  passwordHash: '$argon2id$x',
  ...given,
});

for (const { name, suite, url } of ADAPTERS) {
  suite(`UserStore on ${name}`, () => {
    let telemetry: Telemetry;
    let store: UserStore;
    let database: string;

    beforeAll(async () => {
      telemetry = await Telemetry.start('user', tracingConfig({}), new InMemorySpanExporter());
      database = url();
      store = await openStore(database, telemetry);
    });
    afterAll(async () => {
      await store.close();
      await telemetry.shutdown();
    });

    const create = async (given?: Partial<NewCustomer>): Promise<string> => {
      const id = await store.createCustomer(aCustomer(given));
      if (id === undefined) throw new Error('the name is taken');
      return id;
    };

    it('creates a customer and finds it by id and by exact name', async () => {
      const username = `Ann ${randomUUID()}`;
      const id = await create({ username });
      const customer = { id, firstName: 'Ann', lastName: 'Ash', username };
      expect(id).toEqual(ID);
      expect(await store.customer(id)).toEqual(customer);
      expect(await store.account(username)).toEqual({
        ...customer,
        password: { hash: '$argon2id$x', salt: '' },
      });
      expect(await store.account(username.toUpperCase())).toBeUndefined();
      expect(await store.customer(UNKNOWN)).toBeUndefined();
      expect(await store.customers()).toContainEqual(customer);
    });

    it('gives a name to one of 50 parallel customers', async () => {
      const username = randomUUID();
      const made = await Promise.all(
        Array.from({ length: 50 }, () => store.createCustomer(aCustomer({ username }))),
      );
      const ids = made.filter((id) => id !== undefined);
      expect(ids).toEqual([ID]);
      expect(await store.account(username)).toMatchObject({ id: ids[0] });
    });

    it('replaces a password only if it is still the one that was read', async () => {
      const username = randomUUID();
      const id = await create({ username, passwordHash: 'old' });
      await store.replacePassword(id, { hash: 'other', salt: '' }, 'wrong');
      expect((await store.account(username))?.password).toEqual({ hash: 'old', salt: '' });
      await store.replacePassword(id, { hash: 'old', salt: '' }, 'new');
      expect((await store.account(username))?.password).toEqual({ hash: 'new', salt: '' });
    });

    it('keeps an account without a password', async () => {
      const username = randomUUID();
      await create({ username, passwordHash: '' });
      expect((await store.account(username))?.password).toEqual({ hash: '', salt: '' });
    });

    it('keeps 500 additions, 100 at a time, in the list of their customer', async () => {
      const id = await create();
      const numbers = Array.from({ length: 250 }, (_, n) => n);
      // In waves: calls beyond the connection pool's queue get 503, which this test is not about.
      for (let first = 0; first < 250; first += 50) {
        const wave = numbers.slice(first, first + 50);
        await Promise.all(
          wave.flatMap((n) => [store.addresses.add(address(n), id), store.cards.add(card(n), id)]),
        );
      }
      const addresses = await store.addresses.of(id);
      expect(addresses?.map((a) => Number(a.number)).sort((a, b) => a - b)).toEqual(numbers);
      const cards = await store.cards.of(id);
      expect(new Set(cards?.map(({ longNum }) => longNum)).size).toBe(250);
    });

    it('lists addresses and cards in the order in which they were added', async () => {
      const id = await create();
      const addressIds: unknown[] = [];
      const cardIds: unknown[] = [];
      for (const n of [5, 3, 9, 1]) {
        addressIds.push(await store.addresses.add(address(n), id));
        cardIds.push(await store.cards.add(card(n), id));
      }
      expect(await store.addresses.of(id)).toEqual(
        [5, 3, 9, 1].map((n, index) => ({ ...address(n), id: addressIds[index] })),
      );
      expect(await store.cards.of(id)).toEqual(
        [5, 3, 9, 1].map((n, index) => ({ ...card(n), id: cardIds[index] })),
      );
    });

    describe.each(['addresses', 'cards'] as const)('%s', (kind) => {
      const add = (customerId?: string) =>
        kind === 'cards'
          ? store.cards.add(card(1), customerId)
          : store.addresses.add(address(1), customerId);
      const thing = kind === 'cards' ? card(1) : address(1);

      it('are stored without a customer', async () => {
        const id = (await add())!;
        expect(id).toEqual(ID);
        expect(await store[kind].find(id)).toEqual({ ...thing, id });
        expect(await store[kind].all()).toContainEqual({ ...thing, id });
      });

      it('are not stored for an unknown customer', async () => {
        const before = await store[kind].all();
        expect(await add(UNKNOWN)).toBeUndefined();
        expect(await store[kind].all()).toEqual(before);
      });

      it('are undefined for an unknown customer and an empty list for one without any', async () => {
        expect(await store[kind].of(UNKNOWN)).toBeUndefined();
        expect(await store[kind].of(await create())).toEqual([]);
      });

      it('leave the list of their customer when deleted, which succeeds once', async () => {
        const customerId = await create();
        const [first, second] = [(await add(customerId))!, (await add(customerId))!];
        expect(await store[kind].delete(first)).toBe(true);
        expect(await store[kind].delete(first)).toBe(false);
        expect(await store[kind].find(first)).toBeUndefined();
        expect(await store[kind].of(customerId)).toEqual([{ ...thing, id: second }]);
        expect(await store[kind].delete(UNKNOWN)).toBe(false);
      });

      it('are deleted with their customer, also those added at the same time', async () => {
        const customerId = await create();
        const early = await add(customerId);
        const during = Array.from({ length: 20 }, () => add(customerId));
        const deletion = store.deleteCustomer(customerId);
        during.push(...Array.from({ length: 20 }, () => add(customerId)));
        const ids = [early, ...(await Promise.all(during))].filter((id) => id !== undefined);
        expect(await deletion).toBe(true);
        const left = (await store[kind].all()).map(({ id }) => id);
        expect(ids.filter((id) => left.includes(id))).toEqual([]);
        expect(await store.customer(customerId)).toBeUndefined();
        expect(await store.deleteCustomer(customerId)).toBe(false);
      });
    });

    it("keeps other customers' belongings when a customer is deleted", async () => {
      const [gone, stays] = [await create(), await create()];
      const kept = await store.cards.add(card(7), stays);
      await store.cards.add(card(8), gone);
      await store.deleteCustomer(gone);
      expect(await store.cards.of(stays)).toEqual([{ ...card(7), id: kept }]);
    });

    it('keeps everything across a restart and does not restore a deleted customer of the seed', async () => {
      const own = url();
      const first = await openStore(own, telemetry);
      const [eve, shopper, other] = await first.customers();
      expect([eve, shopper, other]).toEqual([
        {
          id: '57a98d98e4b00679b4a830af',
          firstName: 'Eve',
          lastName: 'Berger',
          username: 'Eve_Berger',
        },
        { id: '57a98d98e4b00679b4a830b2', firstName: 'User', lastName: 'Name', username: 'user' },
        {
          id: '57a98d98e4b00679b4a830b5',
          firstName: 'User1',
          lastName: 'Name1',
          username: 'user1',
        },
      ]);
      await first.deleteCustomer(eve!.id);
      const { password } = (await first.account('user1'))!;
      await first.replacePassword(other!.id, password, 'changed');
      await first.close();

      const second = await openStore(own, telemetry);
      expect(await second.customers()).toEqual([shopper, other]);
      expect((await second.account('user1'))?.password).toEqual({ hash: 'changed', salt: '' });
      expect((await second.addresses.all()).map(({ id }) => id)).toEqual([
        '57a98d98e4b00679b4a830b0',
        '57a98d98e4b00679b4a830b3',
        '57a98ddce4b00679b4a830d1',
      ]);
      await second.close();
    });
  });
}
