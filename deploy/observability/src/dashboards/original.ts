import type { DashboardSource, PanelSource } from './panel.ts';

const COUNT = 'request_duration_seconds_count';
const BUCKET = 'request_duration_seconds_bucket';

/** The two panels that the original has of each service: queries per second, and latency. */
function performance(title: string, name: string): PanelSource[] {
  const of = `name="${name}"`;
  return [
    {
      title: `${title}: requests a second`,
      unit: 'reqps',
      queries: [
        {
          expr: `sum(rate(${COUNT}{${of},status_code=~"2..",route!="metrics"}[1m]))`,
          legend: '2xx',
        },
        {
          expr: `sum(rate(${COUNT}{${of},status_code=~"4.+|5.+"}[1m])) or vector(0)`,
          legend: '4xx/5xx',
        },
      ],
    },
    {
      title: `${title}: latency`,
      unit: 's',
      queries: [
        {
          expr: `histogram_quantile(0.99, sum(rate(${BUCKET}{${of}}[1m])) by (name, le))`,
          legend: '99th quantile',
          exemplars: true,
        },
        {
          expr: `histogram_quantile(0.5, sum(rate(${BUCKET}{${of}}[1m])) by (name, le))`,
          legend: '50th quantile',
        },
        {
          expr: `sum(rate(request_duration_seconds_sum{${of}}[1m])) / sum(rate(${COUNT}{${of}}[1m]))`,
          legend: 'Mean',
        },
      ],
    },
  ];
}

/** The original's dashboard of the same name. */
export const PERFORMANCE_DASHBOARD: DashboardSource = {
  id: 'sock-shop-performance',
  title: 'Sock-Shop Performance',
  about:
    "The original's dashboard, with its queries. The original multiplied requests a second by 100.",
  needs: 'services',
  rows: (
    [
      ['Catalogue', 'catalogue'],
      ['Cart', 'carts'],
      ['Orders', 'orders'],
      ['Payment', 'payment'],
      ['Shipping', 'shipping'],
      ['User', 'user'],
      ['Front-end', 'front-end'],
    ] as const
  ).map(([title, name]) => ({ title, panels: performance(title, name) })),
};

/** The original's dashboard of the same name. */
export const ANALYTICS_DASHBOARD: DashboardSource = {
  id: 'sock-shop-analytics',
  title: 'Sock-Shop Analytics',
  about: "The original's dashboard: orders placed and logins, from its own metric.",
  needs: 'services',
  rows: [
    {
      title: 'A minute',
      panels: [
        {
          title: 'Orders',
          unit: 'short',
          queries: [
            {
              expr: `sum(rate(${COUNT}{name="orders",method=~"POST|post",status_code=~"2.."}[1m])) * 60`,
              legend: 'orders',
            },
          ],
        },
        {
          title: 'Logins',
          unit: 'short',
          queries: [
            {
              expr: `sum(rate(${COUNT}{name="user",route="login",status_code="200"}[1m])) * 60`,
              legend: 'logins',
            },
          ],
        },
      ],
    },
  ],
};

const containers = (metric: string): string =>
  `${metric}{namespace="sock-shop",container!="",container!="POD"}`;

/** The original's dashboard of the same name. */
export const RESOURCES_DASHBOARD: DashboardSource = {
  id: 'sock-shop-resources',
  title: 'Sock-Shop Resources',
  about:
    "The original's dashboard: what each container uses. Its series come from cAdvisor, so it is for Kubernetes.",
  needs: 'cAdvisor',
  rows: [
    {
      title: 'Containers',
      panels: [
        {
          title: 'Processors in use',
          unit: 'short',
          queries: [
            {
              expr: `sum by (container) (rate(${containers('container_cpu_usage_seconds_total')}[$__rate_interval]))`,
              legend: '{{container}}',
            },
          ],
        },
        {
          title: 'Memory',
          unit: 'bytes',
          queries: [
            {
              expr: `sum by (container) (${containers('container_memory_working_set_bytes')})`,
              legend: '{{container}}',
            },
          ],
        },
        {
          title: 'Share of the memory limit',
          unit: 'percentunit',
          queries: [
            {
              expr: `max by (pod, container) (${containers('container_memory_working_set_bytes')}) / max by (pod, container) (${containers('container_spec_memory_limit_bytes')} > 0)`,
              legend: '{{pod}}',
            },
          ],
        },
        {
          title: 'Held back by the CPU limit',
          unit: 'percentunit',
          queries: [
            {
              expr: `sum by (container) (rate(${containers('container_cpu_cfs_throttled_periods_total')}[$__rate_interval])) / sum by (container) (rate(${containers('container_cpu_cfs_periods_total')}[$__rate_interval]))`,
              legend: '{{container}}',
            },
          ],
        },
        {
          title: 'Bytes received and sent a second',
          unit: 'Bps',
          queries: [
            {
              expr: 'sum by (pod) (rate(container_network_receive_bytes_total{namespace="sock-shop"}[$__rate_interval]))',
              legend: '{{pod}} received',
            },
            {
              expr: 'sum by (pod) (rate(container_network_transmit_bytes_total{namespace="sock-shop"}[$__rate_interval]))',
              legend: '{{pod}} sent',
            },
          ],
        },
        {
          title: 'Bytes written to disk a second',
          unit: 'Bps',
          queries: [
            {
              expr: `sum by (container) (rate(${containers('container_fs_writes_bytes_total')}[$__rate_interval]))`,
              legend: '{{container}}',
            },
          ],
        },
      ],
    },
  ],
};
