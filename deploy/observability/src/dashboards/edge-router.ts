import { type DashboardSource, rate } from './panel.ts';

/** HAProxy's own figures, at the edge and inside. */
export const EDGE_ROUTER_DASHBOARD: DashboardSource = {
  id: 'edge-router',
  title: 'Edge router and mesh',
  about:
    'What the edge router lets in and refuses, and how it spreads calls over versions and instances.',
  needs: 'servers',
  rows: [
    {
      title: 'Doors',
      panels: [
        {
          title: 'Requests a second',
          unit: 'reqps',
          queries: [
            {
              expr: `sum by (proxy) (${rate('haproxy_frontend_http_requests_total')})`,
              legend: '{{proxy}}',
            },
          ],
        },
        {
          title: 'Answers a second, by class',
          unit: 'reqps',
          kind: 'stacked',
          queries: [
            {
              expr: `sum by (code) (${rate('haproxy_frontend_http_responses_total')})`,
              legend: '{{code}}',
            },
          ],
        },
        {
          title: 'Requests refused a second',
          about: 'By a rate limit, or because they are too large.',
          unit: 'reqps',
          queries: [
            {
              expr: `sum by (proxy) (${rate('haproxy_frontend_requests_denied_total')})`,
              legend: '{{proxy}}',
            },
          ],
        },
        {
          title: 'Connections',
          unit: 'short',
          queries: [
            { expr: 'sum by (proxy) (haproxy_frontend_current_sessions)', legend: '{{proxy}}' },
          ],
        },
      ],
    },
    {
      title: 'Versions and instances',
      panels: [
        {
          title: 'Requests a second, by version',
          unit: 'reqps',
          queries: [
            {
              expr: `sum by (proxy) (${rate('haproxy_backend_http_requests_total')})`,
              legend: '{{proxy}}',
            },
          ],
        },
        {
          title: 'Failures a second, by version',
          unit: 'reqps',
          queries: [
            {
              expr: `sum by (proxy) (${rate('haproxy_backend_http_responses_total{code="5xx"}')})`,
              legend: '{{proxy}}',
            },
          ],
        },
        {
          title: 'Mean time to the answer, of the last 1024 requests',
          unit: 's',
          queries: [
            {
              expr: 'max by (proxy) (haproxy_backend_response_time_average_seconds)',
              legend: '{{proxy}}',
            },
          ],
        },
        {
          title: 'Healthy instances',
          unit: 'short',
          queries: [
            { expr: 'sum by (proxy) (haproxy_backend_active_servers)', legend: '{{proxy}}' },
          ],
        },
        {
          title: 'Requests that wait for an instance',
          unit: 'short',
          queries: [
            { expr: 'sum by (proxy) (haproxy_backend_current_queue)', legend: '{{proxy}}' },
          ],
        },
        {
          title: 'Requests a second of each instance',
          unit: 'reqps',
          queries: [
            {
              expr: `sum by (proxy, server) (${rate('haproxy_server_http_responses_total')}) > 0`,
              legend: '{{proxy}} {{server}}',
            },
          ],
        },
      ],
    },
  ],
};
