import type { DashboardSource } from './panel.ts';

const WINDOWS = ['5m', '30m', '1h', '6h'];
const over = (what: 'failed' | 'slow') =>
  WINDOWS.map((window) => ({
    expr: `sockshop:requests_${what}:ratio_rate${window}`,
    legend: `of the last ${window}`,
  }));

/** What shoppers are promised, and how fast the budget of failures is used up. */
export const OBJECTIVES_DASHBOARD: DashboardSource = {
  id: 'objectives',
  title: 'Objectives and alerts',
  about:
    'What shoppers are promised: 99.5 % of requests without a 5xx, 95 % within half a second. The alerts watch both.',
  needs: 'services',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Alerts that fire',
          unit: 'short',
          kind: 'stat',
          width: 6,
          queries: [
            { expr: 'count(ALERTS{alertstate="firing"}) or vector(0)', legend: 'firing' },
            { expr: 'count(ALERTS{alertstate="pending"}) or vector(0)', legend: 'pending' },
          ],
        },
        {
          title: 'Services that answer Prometheus',
          about: 'There are eight, each with one instance or more.',
          unit: 'short',
          kind: 'stat',
          width: 6,
          queries: [
            {
              expr: 'count(count by (name) (up{name=~"front-end|catalogue|carts|orders|payment|user|shipping|queue-master"} == 1))',
              legend: 'services',
            },
          ],
        },
        {
          title: 'Speed at which the budget is used up',
          about:
            '1: it lasts just a month. An alert comes at 14.4 (two days) and at 6 (five days).',
          unit: 'short',
          kind: 'stat',
          width: 12,
          queries: [
            { expr: 'sockshop:requests_failed:ratio_rate1h / 0.005', legend: 'failed' },
            { expr: 'sockshop:requests_slow:ratio_rate1h / 0.05', legend: 'slow' },
          ],
        },
      ],
    },
    {
      title: 'Over time',
      panels: [
        {
          title: 'Share of failed requests',
          about: 'The objective is 0.5 %.',
          unit: 'percentunit',
          queries: over('failed'),
        },
        {
          title: 'Share of slow requests (over 0.5 s)',
          about: 'The objective is 5 %.',
          unit: 'percentunit',
          queries: over('slow'),
        },
      ],
    },
  ],
};
