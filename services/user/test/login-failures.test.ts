import { describe, expect, it } from '@jest/globals';
import { LoginFailures } from '../src/login-failures.ts';

describe('LoginFailures', () => {
  let now = 0;
  const failures = () => {
    now = 1_000_000;
    return new LoginFailures({ perName: 3, perAddress: 5 }, () => now);
  };
  const fail = (counted: LoginFailures, username: string, address: string) => {
    counted.begin(username);
    counted.fail(address);
  };

  it('reaches the limit of a name from any number of addresses', () => {
    const counted = failures();
    for (const address of ['1', '2']) fail(counted, 'ann', address);
    expect(counted.secondsLeft('ann', '9')).toBeUndefined();
    fail(counted, 'ann', '3');
    expect(counted.secondsLeft('ann', '9')).toBe(60);
    expect(counted.secondsLeft('bob', '3')).toBeUndefined();
  });

  it('reaches the limit of an address with any number of names', () => {
    const counted = failures();
    for (const name of ['a', 'b', 'c', 'd']) fail(counted, name, '1');
    expect(counted.secondsLeft('ann', '1')).toBeUndefined();
    fail(counted, 'e', '1');
    expect(counted.secondsLeft('ann', '1')).toBe(60);
    expect(counted.secondsLeft('ann', '2')).toBeUndefined();
  });

  it('ends a window a minute after its first failure', () => {
    const counted = failures();
    fail(counted, 'ann', '1');
    now += 20_500;
    for (const address of ['2', '3']) fail(counted, 'ann', address);
    expect(counted.secondsLeft('ann', '9')).toBe(40);
    now += 39_500;
    expect(counted.secondsLeft('ann', '9')).toBeUndefined();
    fail(counted, 'ann', '1');
    expect(counted.secondsLeft('ann', '9')).toBeUndefined();
  });

  it('never counts right logins', () => {
    const counted = failures();
    for (let time = 0; time < 100; time += 1) {
      counted.begin('ann');
      counted.forget('ann');
    }
    expect(counted.secondsLeft('ann', '1')).toBeUndefined();
  });

  it('keeps a bounded number of windows', () => {
    const counted = failures();
    for (let time = 0; time < 3; time += 1) counted.begin('ann');
    for (let name = 0; name <= 20_000; name += 1) counted.begin(String(name));
    expect(counted.secondsLeft('ann', '1')).toBeUndefined();
  });

  it('knows no address by the name of a user', () => {
    const counted = failures();
    for (let time = 0; time < 3; time += 1) counted.begin('10.0.0.1');
    for (let time = 0; time < 4; time += 1) counted.fail('10.0.0.1');
    expect(counted.secondsLeft('ann', '10.0.0.1')).toBeUndefined();
  });
});
