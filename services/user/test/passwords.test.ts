import { describe, expect, it, jest } from '@jest/globals';
import { Metrics } from '@sockshop/metrics';
import { UnavailableError } from '@sockshop/service';
import { createHash } from 'node:crypto';
import { Passwords } from '../src/passwords.ts';
import { SEED } from '../src/seed.ts';
import { VerifiedLogins } from '../src/verified-logins.ts';

jest.setTimeout(30_000); // busy machines; hashes are slow by design

describe('Passwords', () => {
  const passwords = new Passwords(new Metrics('user'));

  it('makes an argon2id PHC string with a new salt each time, and accepts its password', async () => {
    const [hash, again] = await Promise.all([
      passwords.hash('pässwörd'),
      passwords.hash('pässwörd'),
    ]);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=33792,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(again).not.toBe(hash);
    const stored = { hash, salt: '' };
    expect(await passwords.verify(stored, 'pässwörd')).toEqual({ matches: true, outdated: false });
    expect(await passwords.verify(stored, 'Pässwörd')).toMatchObject({ matches: false });
    expect(await passwords.verify(stored, '')).toMatchObject({ matches: false });
  });

  it('accepts a hash by other software, and calls it outdated when its cost is too low', async () => {
    // From the tests of the reference implementation of argon2 (id, v=19, m=256 KiB, t=2, p=1).
    const hash =
      '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
    expect(await passwords.verify({ hash, salt: '' }, 'password')).toEqual({
      matches: true,
      outdated: true,
    });
  });

  it.each([
    ['Eve_Berger', 'eve'],
    ['user', 'password'],
    ['user1', 'password'],
  ])("reads the original's SHA-1 of %s and asks for a new hash", async (username, password) => {
    const stored = SEED.customers.find((customer) => customer.username === username)?.password;
    expect(await passwords.verify(stored, password)).toEqual({ matches: true, outdated: true });
    expect(await passwords.verify(stored, `${password}x`)).toMatchObject({ matches: false });
  });

  it.each([
    ['no account', undefined],
    ['an account without a password', { hash: '', salt: '' }],
    ['an account without a password but with a salt', { hash: '', salt: 'abc' }],
    ['a hash of an unknown kind', { hash: '$2b$10$abcdefghijklmnopqrstuv', salt: '' }],
  ])('refuses %s', async (_case, stored) => {
    expect(await passwords.verify(stored, '')).toMatchObject({ matches: false });
    expect(await passwords.verify(stored, 'password')).toMatchObject({ matches: false });
  });

  it('refuses work as unavailable when too much is waiting, and completes what it accepted', async () => {
    const bounded = new Passwords(new Metrics('user'), 30);
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, () => bounded.verify(undefined, 'x')),
    );
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(60 - 32); // two running, thirty waiting
    for (const { reason } of refused as PromiseRejectedResult[]) {
      expect(reason).toBeInstanceOf(UnavailableError);
    }
    expect(await bounded.verify(undefined, 'x')).toMatchObject({ matches: false });
  });

  it('never begins a hash that waits when its caller hangs up', async () => {
    const metrics = new Metrics('user');
    const busy = new Passwords(metrics);
    const caller = new AbortController();
    const kept = [busy.hash('a'), busy.hash('b')];
    const gone = [
      busy.hash('c', caller.signal),
      busy.verify(undefined, 'd', { signal: caller.signal }),
      busy.hash('e', caller.signal),
    ];
    const kindly = busy.hash('f');
    expect(await metrics.registry.metrics()).toContain(
      'sockshop_bulkhead_work{bulkhead="password",state="waiting"} 4',
    );
    caller.abort();
    expect(await metrics.registry.metrics()).toContain(
      'sockshop_bulkhead_work{bulkhead="password",state="running"} 2',
    );
    const ends = await Promise.allSettled(gone);
    expect(ends.map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    expect(await Promise.all([...kept, kindly])).toHaveLength(3);
  });
});

describe('VerifiedLogins', () => {
  const stored = { hash: createHash('sha1').update('x').digest('hex'), salt: '' };
  const login = { username: 'ann', stored, password: 'secret' };

  function counted(answer: boolean) {
    const verify = () => {
      verify.calls += 1;
      return Promise.resolve(answer);
    };
    verify.calls = 0;
    return verify;
  }

  it('verifies a good login once in five minutes', async () => {
    let now = 0;
    const logins = new VerifiedLogins(() => now);
    const verify = counted(true);
    for (const at of [0, 1000, 299_999]) {
      now = at;
      expect(await logins.check(login, verify)).toBe(true);
    }
    expect(verify.calls).toBe(1);
    now = 300_000;
    expect(await logins.check(login, verify)).toBe(true);
    expect(verify.calls).toBe(2);
  });

  it('verifies a bad login every time', async () => {
    const logins = new VerifiedLogins();
    const verify = counted(false);
    expect(await logins.check(login, verify)).toBe(false);
    expect(await logins.check(login, verify)).toBe(false);
    expect(verify.calls).toBe(2);
  });

  it.each([
    ['another password', { ...login, password: 'Secret' }],
    ['another stored hash', { ...login, stored: { ...stored, hash: 'other' } }],
    ['another user', { ...login, username: 'bob' }],
    ['a deleted account', { ...login, stored: undefined }],
  ])('does not accept a remembered login for %s', async (_case, other) => {
    const logins = new VerifiedLogins();
    await logins.check(login, counted(true));
    const verify = counted(false);
    expect(await logins.check(other, verify)).toBe(false);
    expect(verify.calls).toBe(1);
  });

  it('shares one check among equal logins at the same time, also a failing one', async () => {
    const logins = new VerifiedLogins();
    const verify = counted(true);
    await Promise.all(Array.from({ length: 250 }, () => logins.check(login, verify)));
    expect(verify.calls).toBe(1);
    const fails = () => Promise.reject(new Error('unavailable'));
    const other = { ...login, username: 'bob' };
    const results = await Promise.allSettled([
      logins.check(other, fails),
      logins.check(other, fails),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await logins.check(other, counted(true))).toBe(true);
  });

  it('knows a right login from another one, without a check', async () => {
    const logins = new VerifiedLogins(() => 0);
    expect(logins.isKnown(login)).toBeUndefined();
    const wrong = { ...login, password: 'wrong' };
    await logins.check(wrong, counted(false));
    expect([logins.isKnown(wrong), logins.isKnown(login)]).toEqual([false, undefined]);
    await logins.check(login, counted(true));
    expect(logins.isKnown(login)).toBe(true);
    expect(logins.isKnown({ ...login, password: 'Secret' })).toBe(false);
    expect(logins.isKnown({ ...login, stored: { ...stored, hash: 'other' } })).toBeUndefined();
  });

  it('cancels a check when the last of its callers hangs up', async () => {
    const logins = new VerifiedLogins();
    const callers = [new AbortController(), new AbortController()];
    let wanted: AbortSignal | undefined;
    const end = Promise.withResolvers<boolean>();
    const verify = (signal: AbortSignal) => {
      wanted = signal;
      return end.promise;
    };
    const both = callers.map(({ signal }) => logins.check(login, verify, signal));
    callers[0]!.abort();
    expect(wanted?.aborted).toBe(false);
    callers[1]!.abort();
    expect(wanted?.aborted).toBe(true);
    end.resolve(true);
    expect(await Promise.all(both)).toEqual([true, true]);
  });

  it('remembers the latest 1,000', async () => {
    const logins = new VerifiedLogins();
    const verify = counted(true);
    for (let n = 0; n <= 1000; n += 1) {
      await logins.check({ ...login, username: String(n) }, verify);
    }
    await logins.check({ ...login, username: '1' }, verify);
    expect(verify.calls).toBe(1001);
    await logins.check({ ...login, username: '0' }, verify);
    expect(verify.calls).toBe(1002);
  });
});
