import { describe, expect, it } from '@jest/globals';
import { phasesOf } from '../src/phases.ts';

const yaml = `
phases:
  - { phase: ramp, from: 0, to: 20/s, for: 30s }
  - { phase: steady, rate: 20/s, for: 1m }
  - { phase: steps, rates: [5, 10/s, 600/m], each: 10s }
  - { phase: spike, base: 5, peak: 50, for: 30s, spike: 10s }
`;

describe('a file of phases', () => {
  it('is read as stretches of time', () => {
    expect(phasesOf(yaml, 'x.yaml')).toEqual({
      repeat: false,
      stretches: [
        { ms: 30_000, from: 0, to: 20 },
        { ms: 60_000, from: 20, to: 20 },
        { ms: 10_000, from: 5, to: 5 },
        { ms: 10_000, from: 10, to: 10 },
        { ms: 10_000, from: 10, to: 10 },
        { ms: 10_000, from: 5, to: 5 },
        { ms: 10_000, from: 50, to: 50 },
        { ms: 10_000, from: 5, to: 5 },
      ],
    });
  });

  it('may be JSON, and may repeat: a day goes from its low rate to its high one and back', () => {
    const day = { phase: 'day', low: 2, high: 10, for: '24m' };
    const text = JSON.stringify({ repeat: true, phases: [day] });
    const { stretches, repeat } = phasesOf(text, 'x.json');
    expect(repeat).toBe(true);
    expect(stretches).toHaveLength(48);
    expect(stretches[0]!.from).toBe(2);
    expect(stretches[23]!.to).toBe(10);
    expect(stretches[47]!.to).toBeCloseTo(2);
    expect(stretches.reduce((sum, { ms }) => sum + ms, 0)).toBe(24 * 60_000);
  });

  it.each([
    ['phases: [', 'x.yaml is neither YAML nor JSON: '],
    ['phases: []', 'x.yaml is no list of phases:\n'],
    ['phases: [{ phase: wave, rate: 1, for: 1s }]', '→ at phases[0].phase'],
    ['phases: [{ phase: steady, rate: fast, for: 1s }]', 'give visits per second'],
    ['phases: [{ phase: steady, rate: 1, for: 60 }]', 'give a time with its unit, such as 30s'],
    ['phases: [{ phase: steady, rate: 1, for: 1s, to: 2 }]', 'Unrecognized key: "to"'],
    ['phases: [{ phase: steady, rate: 0, for: 1s }]', 'x.yaml: no phase has a rate above 0'],
  ])('is refused with the place that is wrong: %j', (text, message) => {
    expect(() => phasesOf(text, 'x.yaml')).toThrow(message);
  });
});
