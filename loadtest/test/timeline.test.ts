import { describe, expect, it } from '@jest/globals';
import { Timeline } from '../src/timeline.ts';

describe('the run in stretches of time', () => {
  it('has one a second, those without anything too', () => {
    const timeline = new Timeline();
    timeline.at(500).latency.record(1);
    timeline.at(2999).latency.record(2);
    expect(timeline.points().map(({ latency }) => latency.count)).toEqual([1, 0, 1]);
  });

  it('stays small in a run of weeks, and loses nothing', () => {
    const timeline = new Timeline();
    const minutes = 14 * 24 * 60;
    for (let minute = 0; minute < minutes; minute++) {
      const moment = timeline.at(minute * 60_000);
      moment.latency.record(5);
      moment.shoppers = 10;
    }
    const points = timeline.points();
    expect(points.length).toBeLessThanOrEqual(240);
    expect(points.length).toBeGreaterThan(100);
    expect(points.reduce((sum, { latency }) => sum + latency.count, 0)).toBe(minutes);
    expect(Math.max(...points.map(({ shoppers }) => shoppers))).toBe(10);
  });
});
