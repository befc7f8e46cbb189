import { describe, expect, it } from '@jest/globals';
import { runDifferences } from '../src/run-differences.ts';
import { aRun, ORDER } from './a-run.ts';

const LEAST_SHIFT = 0.25;

async function wordsOf(...[traces, plan, vary]: Parameters<typeof aRun>): Promise<string[]> {
  const before = await aRun(20, ORDER);
  const after = await aRun(traces, plan, vary);
  return runDifferences(before, after, LEAST_SHIFT).map(({ words }) => words);
}

describe('the difference between two recorded runs', () => {
  it('is none where only the number of traces, and times by chance, differ', async () => {
    const jitter = (span: (typeof ORDER)[number], nth: number) => ({
      ...span,
      to: span.to + (nth % 3) / 10,
    });
    expect(await wordsOf(30, ORDER, jitter)).toEqual([]);
  });

  it('names spans that are missing, and the edge that is missing with them', async () => {
    const without = ORDER.filter(({ id }) => id !== 'c' && id !== 'p');
    expect(await wordsOf(20, without)).toContain('missing edge: orders -> payment');
    expect(await wordsOf(20, without)).toContain(
      'missing: orders CLIENT post /paymentauth with the span below it, below orders SERVER post /orders',
    );
  });

  it('names a new span and the edge to what it calls', async () => {
    const cache = {
      id: 'r',
      parent: 'o',
      service: 'orders',
      kind: 'CLIENT',
      name: 'GET',
      from: 4,
      to: 5,
      remote: 'redis',
    } as const;
    const words = await wordsOf(20, [...ORDER, cache]);
    expect(words).toEqual([
      'new edge: orders -> redis (20 calls)',
      'new: orders CLIENT get, below orders SERVER post /orders',
    ]);
  });

  it('names a span that has another parent', async () => {
    const words = await wordsOf(20, ORDER, (span) =>
      span.id === 'd' ? { ...span, parent: 'c', from: 3, to: 3.4 } : span,
    );
    expect(words).toContain(
      'moved: orders CLIENT insert customerorder, from orders SERVER post /orders to orders CLIENT post /paymentauth',
    );
  });

  it('says how often a span is there now, in each trace', async () => {
    const again = [2, 3].map((nth) => ({ ...ORDER[3]!, id: `d${nth}` }));
    expect(await wordsOf(20, [...ORDER, ...again])).toEqual([
      'orders CLIENT insert customerorder, below orders SERVER post /orders: 1 a trace before, 3 now',
    ]);
  });

  it('says how many fail now', async () => {
    const words = await wordsOf(20, ORDER, (span, nth) =>
      span.id === 'p' && nth % 2 === 0 ? { ...span, error: '503' } : span,
    );
    expect(words).toEqual([
      'payment SERVER post /paymentauth, below orders CLIENT post /paymentauth: 0 of 20 failed before, 10 of 20 now',
    ]);
  });

  it('blames the span whose own time grew, not its callers', async () => {
    const late = (span: (typeof ORDER)[number], nth: number) => ({
      ...span,
      from: span.from + (span.id === 'd' ? 30 : 0),
      to: span.to + 30 + (nth % 5) / 10,
    });
    const slower = await wordsOf(20, ORDER, late);
    expect(slower).toEqual([
      'slower as a whole: orders SERVER post /orders, median 20.0 ms before, 50.2 ms now',
      'slower by itself: payment SERVER post /paymentauth, below orders CLIENT post /paymentauth, median 6.0 ms before, 36.2 ms now',
    ]);
  });

  it('says nothing about latency from a few traces', async () => {
    const late = (span: (typeof ORDER)[number]) => ({ ...span, to: span.to + 30 });
    expect(await wordsOf(3, ORDER, late)).toEqual([]);
  });

  it('names traces that begin elsewhere', async () => {
    const root = {
      id: 'q',
      service: 'queue-master',
      kind: 'CONSUMER',
      name: 'process',
      from: 0,
      to: 1,
    } as const;
    const after = [...(await aRun(20, ORDER)), ...(await aRun(40, [root])).slice(20)];
    const words = runDifferences(await aRun(20, ORDER), after, LEAST_SHIFT).map(
      (each) => each.words,
    );
    expect(words).toEqual(['new: traces that begin with queue-master CONSUMER process (20)']);
  });
});
