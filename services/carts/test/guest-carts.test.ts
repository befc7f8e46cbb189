import { expect, it } from '@jest/globals';
import { Telemetry } from '@sockshop/telemetry';
import { storeAdapters } from '@sockshop/testing/real-servers';
import { Mongoose } from 'mongoose';
import { DatabaseSync } from 'node:sqlite';
import { openStore } from './stores.ts';

const GUEST = 'qO2yqvJ7nq6yE5k8vB0wTz1x';
const CUSTOMER = '57a98d98e4b00679b4a830b2';
const SOCK = { itemId: 'sock-a', unitPrice: 18, quantity: 1 };
const DAY_MS = 24 * 3_600_000;

for (const { name, suite, url } of storeAdapters('guests')) {
  suite(`the cart of a guest on ${name}`, () => {
    /** A store whose clock the test turns. */
    const clocked = async (database: string) => {
      const clock = { now: Date.UTC(2026, 0, 1) };
      const keeping = { guestCartDays: 30, now: () => clock.now };
      const store = await openStore(database, await Telemetry.start('carts'), keeping);
      const later = async (days: number): Promise<void> => {
        clock.now += days * DAY_MS;
        await store.dropExpired();
      };
      return { store, later };
    };

    it('expires 30 days after its last change; that of a customer does not', async () => {
      const { store, later } = await clocked(url());
      for (const cart of [GUEST, CUSTOMER]) await store.add(cart, { ...SOCK, quantity: 2 });
      await later(20);
      await store.add(GUEST, SOCK);
      await later(29);
      await store.setQuantity(GUEST, SOCK.itemId, 2, undefined);
      await later(29.9);
      expect(await store.items(GUEST)).toHaveLength(1);
      await later(0.2);
      expect(await store.items(GUEST)).toEqual([]);
      await later(3650);
      expect(await store.items(CUSTOMER)).toHaveLength(1);
      await store.close();
    });

    it('of an earlier version expires 30 days after the first start of this one', async () => {
      const database = url();
      const first = await clocked(database);
      for (const cart of [GUEST, CUSTOMER, `${CUSTOMER}0`]) await first.store.add(cart, SOCK);
      await first.store.close();
      await forgetExpiries(database);
      const { store, later } = await clocked(database);
      await later(29);
      expect(await store.items(GUEST)).toHaveLength(1);
      await later(2);
      expect(await store.items(GUEST)).toEqual([]);
      expect(await store.items(`${CUSTOMER}0`)).toEqual([]);
      expect(await store.items(CUSTOMER)).toHaveLength(1);
      await store.close();
    });
  });
}

/** Makes the database one of the version before carts expired. */
async function forgetExpiries(url: string): Promise<void> {
  if (url.startsWith('sqlite:')) {
    const database = new DatabaseSync(url.slice('sqlite:'.length));
    database.exec('DROP TABLE guest_cart');
    database.close();
    return;
  }
  const { connection } = await new Mongoose().connect(url);
  await connection.collection('cart_item').updateMany({}, { $unset: { expiresAt: '' } });
  await connection.close();
}
