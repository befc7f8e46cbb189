import { describe, expect, it } from '@jest/globals';
import { GuessLine, NoTurnError } from '../src/guess-line.ts';

describe('GuessLine', () => {
  const caller = new AbortController();

  /** A line that is busy until `begin` is called, and the checks in the order of their turns. */
  function busyLine() {
    const line = new GuessLine();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const first = line.run(
      'first',
      () => promise,
      () => 1,
      caller.signal,
    );
    const turns: string[] = [];
    const add = (name: string, what = name, callers = 1, { signal } = caller) =>
      line.run(
        name,
        () => Promise.resolve(turns.push(what)),
        () => callers,
        signal,
      );
    const begin = async (): Promise<void> => {
      resolve(undefined);
      await first;
    };
    return { add, turns, begin };
  }

  it('gives the names turns, so that many guesses of one delay no other', async () => {
    const { add, turns, begin } = busyLine();
    const all = ['a', 'a', 'a', 'b', 'c', 'a', 'b'].map((name) => add(name));
    await begin();
    await Promise.all(all);
    expect(turns).toEqual(['a', 'b', 'c', 'a', 'b', 'a', 'a']);
  });

  it('takes the check with the most callers of a name first, else the oldest', async () => {
    const { add, turns, begin } = busyLine();
    const all = [
      add('a', 'guess 1'),
      add('a', 'guess 2'),
      add('a', 'right', 20),
      add('a', 'guess 3'),
    ];
    await begin();
    await Promise.all(all);
    expect(turns).toEqual(['right', 'guess 1', 'guess 2', 'guess 3']);
  });

  it('forgets a check whose callers have gone, and goes on after one that fails', async () => {
    const { add, turns, begin } = busyLine();
    const gone = new AbortController();
    const left = add('a', 'gone', 1, gone);
    const next = add('b');
    gone.abort();
    await expect(left).rejects.toThrow(NoTurnError);
    await expect(add('c', 'gone too', 1, gone)).rejects.toThrow(NoTurnError);
    await begin();
    await next;
    expect(turns).toEqual(['b']);
    expect(await add('d')).toBe(2);
  });

  it('refuses more than 400', async () => {
    const { add, turns, begin } = busyLine();
    const all = Array.from({ length: 400 }, (_, n) => add(String(n)));
    await expect(add('late')).rejects.toThrow(NoTurnError);
    await begin();
    await Promise.all(all);
    expect(turns).toHaveLength(400);
  });
});
