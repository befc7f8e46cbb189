import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ServiceUnderTest } from '@sockshop/service-testing';
import { until } from '@sockshop/testing';
import { logIn, startUser } from './running-user.ts';
import { ADAPTERS } from './stores.ts';

jest.setTimeout(60_000); // busy machines; hashes are slow by design

const ANN = { username: 'ann', password: 'right' };
const statusesOf = async (answers: Promise<Response>[]) =>
  (await Promise.all(answers)).map(({ status }) => status);

/** In a file, which a restart finds again. What is tested here is the same on every store. */
const { url } = ADAPTERS.find(({ name }) => name === 'SQLite')!;

describe('user, while someone guesses', () => {
  let service: ServiceUnderTest;
  let database: string;
  const start = async (env: Record<string, string> = {}): Promise<void> => {
    service = await startUser(database, new ServiceUnderTest(), env);
    await service.ready();
  };
  beforeEach(async () => {
    database = url();
    await start();
  });
  afterEach(() => service.close());

  const register = (body: object) => service.send('POST', '/register', body);
  const guess = (username: string, password: string, from?: string) =>
    logIn(service, username, password, from === undefined ? {} : { from });
  const metric = async (line: string) =>
    (await (await service.send('GET', '/metrics')).text()).includes(`${line}\n`);

  describe('GET /login', () => {
    it('answers 429 with retry-after to wrong logins of a name over its limit, whatever the address', async () => {
      await register(ANN);
      for (let time = 0; time < 10; time += 1) {
        expect((await guess('ann', `wrong-${time}`)).status).toBe(401);
      }
      for (const from of ['192.0.2.1', '2001:db8::7']) {
        const refused = await guess('ann', 'wrong', from);
        expect(refused.status).toBe(429);
        const seconds = Number(refused.headers.get('retry-after'));
        expect(seconds > 0 && seconds <= 60).toBe(true);
        expect(await refused.json()).toMatchObject({
          status: 429,
          message: 'too many wrong logins; wait before the next one',
          status_code: 500,
        });
        expect((await guess('ann', 'right', from)).status).toBe(200);
      }
    });

    it('answers 429 to wrong logins from an address over its limit, and 200 to right ones', async () => {
      await service.close();
      await start({ LOGIN_FAILURES_PER_ADDRESS: '5' }); // fifty hashes one after the other may take longer than their line waits
      const from = '192.0.2.50';
      const wrong = Array.from({ length: 5 }, (_, n) => guess(`unknown-${n}`, 'wrong', from));
      expect(new Set(await statusesOf(wrong))).toEqual(new Set([401]));
      expect((await guess('another', 'wrong', from)).status).toBe(429);
      expect((await guess('user', 'wrong', from)).status).toBe(429);
      expect((await guess('another', 'wrong', '192.0.2.51')).status).toBe(401);
      expect((await guess('user', 'password', from)).status).toBe(200);
      expect((await register(ANN)).status).toBe(200);
    });

    it('answers 200 to all right logins among 150 parallel wrong ones of the same name and address', async () => {
      await register(ANN);
      await service.close();
      await start(); // remembers no login
      const wrongs = (count: number) =>
        Array.from({ length: count }, (_, n) => guess('ann', `wrong-${count}-${n}`));
      const first = wrongs(30);
      const right = Array.from({ length: 20 }, () => guess('ann', 'right'));
      const wrong = [...first, ...wrongs(120)];
      expect(new Set(await statusesOf(right))).toEqual(new Set([200]));
      const refused = await statusesOf(wrong);
      expect(refused.filter((status) => status === 401).length).toBeLessThanOrEqual(10);
      expect(new Set(refused)).toEqual(new Set([401, 429]));
    });

    it('answers 200 to shoppers of other names beside 150 parallel wrong logins', async () => {
      const shoppers = Array.from({ length: 5 }, (_, n) => `shopper-${n}`);
      await Promise.all(shoppers.map((username) => register({ username, password: username })));
      await service.close();
      await start();
      const wrong = Array.from({ length: 150 }, (_, n) => guess('user', `wrong-${n}`));
      const right = shoppers.map((username) => guess(username, username));
      expect(new Set(await statusesOf(right))).toEqual(new Set([200]));
      expect((await guess('user', 'password')).status).toBe(200);
      await Promise.all(wrong);
    });

    it('hashes nothing for a caller who hung up while the login waited', async () => {
      const caller = new AbortController();
      const names = ['user', 'user1', 'Eve_Berger'];
      const wrong = Array.from({ length: 12 }, (_, n) =>
        logIn(service, names[n % 3]!, `wrong-${n}`, { signal: caller.signal }).catch(
          () => undefined,
        ),
      );
      const waiting = 'sockshop_bulkhead_work{bulkhead="password",state="waiting"}';
      await until(() => metric(`${waiting} 10`));
      caller.abort();
      await Promise.all(wrong);
      await until(() => metric(`${waiting} 0`));
      expect(await metric('sockshop_bulkhead_refused_total{bulkhead="password"} 10')).toBe(true);
      expect((await guess('user', 'password')).status).toBe(200);
    });
  });

  it('writes no password, and nothing made from one, to logs or spans', async () => {
    const password = 'correct-horse-battery';
    await service.send(
      'POST',
      '/register',
      { username: 'zoe', password },
      { 'idempotency-key': 'visitor-1' },
    );
    for (let time = 0; time < 12; time += 1) await guess('zoe', `${password}-${time}`);
    await guess('zoe', password);
    const spans = service.spans.getFinishedSpans().map(({ name, attributes, events }) => ({
      ...{ name, attributes, events },
    }));
    const written = JSON.stringify(spans) + service.lines.join('');
    const basic = Buffer.from(`zoe:${password}`).toString('base64').slice(0, 20);
    for (const secret of [password, basic, '$argon2id', 'visitor-1']) {
      expect(written).not.toContain(secret);
    }
  });
});
