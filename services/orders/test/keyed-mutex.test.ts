import { describe, expect, it } from '@jest/globals';
import { setImmediate as readyWork } from 'node:timers/promises';
import { KeyedMutex } from '../src/keyed-mutex.ts';

describe('KeyedMutex', () => {
  it('runs one at a time for a key, in order of arrival, and others for other keys', async () => {
    const mutex = new KeyedMutex();
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await readyWork(); // lets everything run that does not wait for this
      log.push(`${name} ends`);
      return name;
    };
    const all = [mutex.run('a', 5000, work('1')), mutex.run('a', 5000, work('2'))];
    const other = mutex.run('b', 5000, work('3'));
    expect(await Promise.all([...all, other])).toEqual(['1', '2', '3']);
    const onA = log.filter((line) => !line.startsWith('3'));
    expect(onA).toEqual(['1 begins', '1 ends', '2 begins', '2 ends']);
    expect(log.indexOf('3 begins')).toBeLessThan(log.indexOf('1 ends'));
  });

  it('runs the next one after a failure', async () => {
    const mutex = new KeyedMutex();
    const failed = mutex.run('a', 5000, () => Promise.reject(new Error('no')));
    const next = mutex.run('a', 5000, () => Promise.resolve('yes'));
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });

  it('returns undefined when the wait is too long; later ones still wait for the one before', async () => {
    const mutex = new KeyedMutex();
    const end = Promise.withResolvers<string>();
    const first = mutex.run('a', 5000, () => end.promise);
    const late = mutex.run('a', 10, () => Promise.resolve('late'));
    let begun = false;
    const behind = mutex.run('a', 5000, () => {
      begun = true;
      return Promise.resolve('behind');
    });
    expect(await late).toBeUndefined();
    await readyWork();
    expect(begun).toBe(false);
    end.resolve('first');
    expect([await first, await behind]).toEqual(['first', 'behind']);
  });
});
