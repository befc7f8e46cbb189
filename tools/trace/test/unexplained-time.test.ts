import { describe, expect, it } from '@jest/globals';
import { unexplainedUs } from '../src/gaps.ts';

const ended = (timeUs: number, seconds?: number) => ({
  timeUs,
  attributes: seconds === undefined ? {} : { 'wait.duration': seconds },
});
const child = (startUs: number, durationUs: number) => ({ startUs, durationUs });

describe('the longest time of a span that nothing explains', () => {
  it.each<[string, ReturnType<typeof ended>[], ReturnType<typeof child>[], number]>([
    ['is all of one that serves without a child', [], [], 1000],
    ['is what its children leave', [], [child(100, 300), child(600, 400)], 200],
    ['counts children at the same time once', [], [child(0, 500), child(100, 100)], 500],
    ['ends where a child ends after the span', [], [child(200, 5000)], 200],
    ['has no wait that an event ends', [ended(900, 0.0008)], [], 100],
    ['is divided by any other event', [ended(400)], [], 600],
    ['has waits and children together', [ended(500, 0.0004)], [child(500, 450)], 100],
  ])('%s', (_what, events, children, expected) => {
    const span = { startUs: 0, durationUs: 1000, kind: 'SERVER' as const, events };
    expect(unexplainedUs(span, children)).toBe(expected);
  });

  it.each([
    ['CLIENT', 0],
    ['INTERNAL', 0],
    ['PRODUCER', 0],
    ['CONSUMER', 1000],
  ] as const)('of a %s without children is %d', (kind, expected) => {
    expect(unexplainedUs({ startUs: 0, durationUs: 1000, kind, events: [] }, [])).toBe(expected);
  });
});
