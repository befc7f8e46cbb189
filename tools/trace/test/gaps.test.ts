import { describe, expect, it } from '@jest/globals';
import { gapsOf } from '../src/gaps.ts';

const span = (startUs: number, durationUs: number) => ({ startUs, durationUs, events: [] });

describe('gaps in a span', () => {
  it.each([
    ['no child', [], [[0, 100]]],
    [
      'a child in the middle',
      [span(20, 30)],
      [
        [0, 20],
        [50, 100],
      ],
    ],
    [
      'children that overlap',
      [span(20, 50), span(10, 30)],
      [
        [0, 10],
        [70, 100],
      ],
    ],
    ['a child over all', [span(-5, 200)], []],
    ['a child that goes on', [span(40, 200)], [[0, 40]]],
    ['a child after the end', [span(150, 10)], [[0, 100]]],
    ['a child before the start', [span(-20, 10)], [[0, 100]]],
  ])('are what %s leaves', (_, children, gaps) => {
    expect(gapsOf(span(0, 100), children).map(({ fromUs, untilUs }) => [fromUs, untilUs])).toEqual(
      gaps,
    );
  });

  it('are divided by an event, and explained by one with the duration of a wait', () => {
    const at = (timeUs: number, attributes = {}) => ({ timeUs, attributes });
    const gaps = (event: ReturnType<typeof at>): unknown =>
      gapsOf({ ...span(0, 100), events: [event] }, []).map(({ fromUs, untilUs }) => [
        fromUs,
        untilUs,
      ]);
    expect(gaps(at(60))).toEqual([
      [0, 60],
      [60, 100],
    ]);
    expect(gaps(at(60, { 'wait.duration': 0.00005 }))).toEqual([
      [0, 10],
      [60, 100],
    ]);
  });
});
