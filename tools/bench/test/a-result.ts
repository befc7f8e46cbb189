import type { Cell, Point, Result, Series } from '../src/result.ts';
import { spreadOf } from '../src/spread.ts';

/** A cell with these figures, or an ordinary one. */
export function aCell(given: Partial<Cell> = {}): Cell {
  return {
    journey: 'catalogue',
    connections: 10,
    way: 'distributed',
    tracing: 'on',
    cpuMs: spreadOf([1.2, 1.4, 1.3]),
    ratio: spreadOf([24, 28, 26]),
    processes: { 'front-end': 0.7, catalogue: 0.5, mariadb: 0.1 },
    perSecond: spreadOf([800, 900, 850]),
    p50: spreadOf([10, 11, 12]),
    p95: spreadOf([20, 21, 22]),
    p99: spreadOf([30, 31, 32]),
    requests: 2550,
    failures: {},
    ...given,
  };
}

/** A series whose points are these numbers and costs. */
export function aSeries(
  expected: Series['expected'],
  costs: Readonly<Record<number, number>>,
  failures: Point['failures'] = {},
): Series {
  const points = Object.entries(costs).map(([n, cpuMs]) => ({
    n: Number(n),
    cpuMs,
    ratio: cpuMs / 0.05,
    p50: cpuMs,
    p99: cpuMs,
    failures: {},
  }));
  const last = points.at(-1);
  const all = last ? [...points.slice(0, -1), { ...last, failures }] : [];
  return { way: 'embedded', of: 'socks', request: 'GET /catalogue', expected, points: all };
}

/** A result of one traced and one untraced cell. */
export function aResult(given: Partial<Result> = {}): Result {
  return {
    format: 1,
    command: 'npm run bench -- --rounds 3',
    machine: {
      cpu: 'A Processor',
      cores: 2,
      memoryMiB: 8192,
      kernel: 'Linux 6.1',
      node: 'v24.0.0',
      commit: 'abcdef0123',
      at: '2026-01-02T03:04:05.678Z',
    },
    rounds: 3,
    secondsEach: 1,
    tookSeconds: 600,
    reference: { 10: spreadOf([0.05]) },
    shops: [
      {
        way: 'distributed',
        tracing: 'on',
        flags: { 'front-end': '--max-semi-space-size=1' },
        servers: { mariadb: '10.11.6-MariaDB' },
        firstReadyMs: 9000,
        readyMs: spreadOf([4000, 5000]),
        idle: { 'front-end': { pss: 51_200, rss: 102_400 }, mariadb: { pss: 10_240, rss: 20_480 } },
        loaded: {
          'front-end': { pss: 61_440, rss: 112_640 },
          mariadb: { pss: 20_480, rss: 30_720 },
        },
      },
    ],
    cells: [aCell(), aCell({ tracing: 'off', perSecond: spreadOf([1000]) })],
    growth: [],
    orderTraces: [],
    direct: [],
    errors: [],
    ...given,
  };
}
