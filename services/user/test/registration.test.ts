import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ServiceUnderTest } from '@sockshop/service-testing';
import { until } from '@sockshop/testing';
import { logIn, startUser } from './running-user.ts';
import { ADAPTERS } from './stores.ts';

jest.setTimeout(60_000); // busy machines; hashes are slow by design

const ANN = { username: 'ann', password: 'right' };

for (const { name, suite, url } of ADAPTERS) {
  suite(`user on ${name}`, () => {
    let service: ServiceUnderTest;
    let database: string;
    const start = async (): Promise<void> => {
      service = await startUser(database);
      await service.ready();
    };
    beforeEach(async () => {
      database = url();
      await start();
    });
    afterEach(() => service.close());

    const register = (body: object, key?: string): Promise<Response> =>
      service.send('POST', '/register', body, key === undefined ? {} : { 'idempotency-key': key });
    const guess = (username: string, password: string) => logIn(service, username, password);
    const metric = async (line: string) =>
      (await (await service.send('GET', '/metrics')).text()).includes(`${line}\n`);

    describe('POST /register', () => {
      const idOf = async (answer: Promise<Response>) =>
        ((await (await answer).json()) as { id: string }).id;

      it('answers a repeat with the same key, name and password with the first account', async () => {
        const id = await idOf(register(ANN, 'visitor-1'));
        expect(id).toMatch(/^[\da-f]{24}$/);
        expect(await idOf(register(ANN, 'visitor-1'))).toBe(id);
        await service.close();
        await start();
        expect(await idOf(register(ANN, 'visitor-1'))).toBe(id);
        expect(await idOf(register({ ...ANN, username: 'bob' }, 'visitor-1'))).not.toBe(id);
      });

      it('answers a repeated POST /customers in the same way, also without a password', async () => {
        const make = (body: object) =>
          idOf(service.send('POST', '/customers', body, { 'idempotency-key': 'visitor-1' }));
        for (const body of [ANN, { username: 'bob' }])
          expect(await make(body)).toBe(await make(body));
        const other = service.send(
          'POST',
          '/customers',
          { username: 'bob', password: 'x' },
          { 'idempotency-key': 'visitor-1' },
        );
        expect((await other).status).toBe(409);
      });

      it.each([
        ['another key', ANN, 'visitor-2'],
        ['no key', ANN, undefined],
        ['another password', { ...ANN, password: 'Right' }, 'visitor-1'],
      ])('answers 409 to a taken name with %s', async (_case, body, key) => {
        await register(ANN, 'visitor-1');
        const response = await register(body, key);
        expect(response.status).toBe(409);
        expect(await response.json()).toMatchObject({
          message: 'the user name is taken; choose another',
        });
      });

      it('makes no account for a caller who hung up', async () => {
        const caller = new AbortController();
        const busy = ['user', 'user', 'user1', 'user1'].map((username, n) =>
          guess(username, `wrong-${n}`),
        );
        const gone = service
          .fetch('/register', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(ANN),
            signal: caller.signal,
          })
          .catch(() => undefined);
        const waiting = 'sockshop_bulkhead_work{bulkhead="password",state="waiting"}';
        await until(() => metric(`${waiting} 3`));
        caller.abort();
        await Promise.all([gone, ...busy]);
        await until(() => metric(`${waiting} 0`));
        expect((await guess('ann', 'right')).status).toBe(401);
        expect((await register(ANN)).status).toBe(200);
      });
    });
  });
}
