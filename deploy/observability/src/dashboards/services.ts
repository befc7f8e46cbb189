import { type DashboardSource, quantileOf, quantiles, rate, share, SHOPPING } from './panel.ts';

const SERVER = 'http_server_request_duration_seconds';
const CLIENT = 'http_client_request_duration_seconds';
const DATABASE = 'db_client_operation_duration_seconds';
const ALL = `name!="",${SHOPPING}`;
const CHOSEN = `name=~"$service",${SHOPPING}`;

/** Rate, errors and duration of each service, then of each route of the chosen ones, and of what they call. */
export const SERVICES_DASHBOARD: DashboardSource = {
  id: 'services',
  title: 'Services: rate, errors, duration',
  about: 'How much each service does, how much of it fails, and how long it takes.',
  needs: 'services',
  choosesService: true,
  rows: [
    {
      title: 'Every service',
      panels: [
        {
          title: 'Requests a second',
          unit: 'reqps',
          queries: [
            { expr: `sum by (name) (${rate(`${SERVER}_count{${ALL}}`)})`, legend: '{{name}}' },
          ],
        },
        {
          title: 'Share of requests that fail (5xx)',
          about: 'The objective of the front-end is 0.5 %.',
          unit: 'percentunit',
          queries: [
            {
              expr: share(
                `${SERVER}_count{${ALL},http_response_status_code=~"5.."}`,
                `${SERVER}_count{${ALL}}`,
                'name',
              ),
              legend: '{{name}}',
            },
          ],
        },
        {
          title: '95 of 100 requests take no longer',
          unit: 's',
          queries: quantiles(`${SERVER}_bucket{${ALL}}`, ['name'], [0.95]),
        },
        {
          title: 'Mean duration',
          unit: 's',
          queries: [
            {
              expr: `sum by (name) (${rate(`${SERVER}_sum{${ALL}}`)}) / sum by (name) (${rate(`${SERVER}_count{${ALL}}`)})`,
              legend: '{{name}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Routes of the chosen services',
      panels: [
        {
          title: 'Requests a second, by route',
          unit: 'reqps',
          queries: [
            {
              expr: `sum by (name, http_request_method, http_route) (${rate(`${SERVER}_count{${CHOSEN}}`)})`,
              legend: '{{name}} {{http_request_method}} {{http_route}}',
            },
          ],
        },
        {
          title: '95 of 100 requests take no longer, by route',
          unit: 's',
          queries: [
            {
              expr: quantileOf(
                `${SERVER}_bucket{${CHOSEN}}`,
                ['name', 'http_request_method', 'http_route'],
                0.95,
              ),
              legend: '{{name}} {{http_request_method}} {{http_route}}',
              exemplars: true,
            },
          ],
        },
        {
          title: 'Answers a second, by status',
          unit: 'reqps',
          kind: 'stacked',
          queries: [
            {
              expr: `sum by (http_response_status_code) (${rate(`${SERVER}_count{${CHOSEN}}`)})`,
              legend: '{{http_response_status_code}}',
            },
          ],
        },
        {
          title: 'Refused and failed requests a second, by route',
          about: '4xx are mostly wanted: a wrong password, a declined payment.',
          unit: 'reqps',
          queries: [
            {
              expr: `sum by (name, http_route, http_response_status_code) (${rate(`${SERVER}_count{${CHOSEN},http_response_status_code=~"[45].."}`)}) or vector(0)`,
              legend: '{{name}} {{http_route}} {{http_response_status_code}}',
            },
          ],
        },
      ],
    },
    {
      title: 'What the chosen services call',
      panels: [
        {
          title: 'Calls a second',
          unit: 'reqps',
          queries: [
            {
              expr: `sum by (name, server_address, server_port) (${rate(`${CLIENT}_count{name!=""}`)})`,
              legend: '{{name}} → {{server_address}}:{{server_port}}',
            },
          ],
        },
        {
          title: '95 of 100 calls take no longer',
          unit: 's',
          queries: [
            {
              expr: quantileOf(
                `${CLIENT}_bucket{name!=""}`,
                ['name', 'server_address', 'server_port'],
                0.95,
              ),
              legend: '{{name}} → {{server_address}}:{{server_port}}',
              exemplars: true,
            },
          ],
        },
        {
          title: 'Database operations a second',
          unit: 'ops',
          queries: [
            {
              expr: `sum by (name, db_collection_name, db_operation_name) (${rate(`${DATABASE}_count{name!=""}`)})`,
              legend: '{{name}} {{db_operation_name}} {{db_collection_name}}',
            },
          ],
        },
        {
          title: '95 of 100 database operations take no longer',
          unit: 's',
          queries: [
            {
              expr: quantileOf(
                `${DATABASE}_bucket{name!=""}`,
                ['name', 'db_collection_name', 'db_operation_name'],
                0.95,
              ),
              legend: '{{name}} {{db_operation_name}} {{db_collection_name}}',
              exemplars: true,
            },
          ],
        },
      ],
    },
    {
      title: 'Held back',
      panels: [
        {
          title: 'Open circuits',
          about: 'A circuit opens when too many calls to a route fail. Normal: none.',
          unit: 'short',
          width: 8,
          queries: [
            {
              expr: 'sum by (name, upstream, route) (sockshop_circuit_breaker_state{state="open"})',
              legend: '{{name}} → {{upstream}} {{route}}',
            },
          ],
        },
        {
          title: 'Calls repeated or refused a second',
          unit: 'reqps',
          width: 8,
          queries: [
            {
              expr: `sum by (name, upstream) (${rate('sockshop_upstream_retries_total')})`,
              legend: '{{name}} → {{upstream}} repeated',
            },
            {
              expr: `sum by (name, upstream) (${rate('sockshop_circuit_breaker_refused_total')})`,
              legend: '{{name}} → {{upstream}} refused',
            },
          ],
        },
        {
          title: 'Work that waits for a place',
          unit: 'short',
          width: 8,
          queries: [
            {
              expr: 'sum by (name, bulkhead) (sockshop_bulkhead_work{state="waiting"})',
              legend: '{{name}} {{bulkhead}}',
            },
          ],
        },
      ],
    },
  ],
};
