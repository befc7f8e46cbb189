import { type DashboardSource, rate, SHOPPING } from './panel.ts';

const SERVER = 'http_server_request_duration_seconds';
/** Adds release and instance to the series of a target. */
const NAMED = '* on (job, instance) group_left (service_version, service_instance_id) target_info';
const CHOSEN = `name=~"$service",${SHOPPING}`;

/** A release beside the next one: what a canary looks at. */
export const VERSIONS_DASHBOARD: DashboardSource = {
  id: 'versions',
  title: 'Versions side by side',
  about:
    'Traffic, failures and duration of each version of the chosen services, for a canary and an A/B test.',
  needs: 'services',
  choosesService: true,
  rows: [
    {
      title: 'By version',
      panels: [
        {
          title: 'Share of the traffic',
          unit: 'percentunit',
          kind: 'stacked',
          queries: [
            {
              expr: `sum by (name, service_version) (${rate(`${SERVER}_count{${CHOSEN}}`)} ${NAMED}) / on (name) group_left () sum by (name) (${rate(`${SERVER}_count{${CHOSEN}}`)})`,
              legend: '{{name}} {{service_version}}',
            },
          ],
        },
        {
          title: 'Requests a second',
          unit: 'reqps',
          queries: [
            {
              expr: `sum by (name, service_version) (${rate(`${SERVER}_count{${CHOSEN}}`)} ${NAMED})`,
              legend: '{{name}} {{service_version}}',
            },
          ],
        },
        {
          title: 'Share of requests that fail (5xx)',
          unit: 'percentunit',
          queries: [
            {
              expr: `(sum by (name, service_version) (${rate(`${SERVER}_count{${CHOSEN},http_response_status_code=~"5.."}`)} ${NAMED}) or sum by (name, service_version) (${rate(`${SERVER}_count{${CHOSEN}}`)} ${NAMED}) * 0) / sum by (name, service_version) (${rate(`${SERVER}_count{${CHOSEN}}`)} ${NAMED})`,
              legend: '{{name}} {{service_version}}',
            },
          ],
        },
        {
          title: '95 of 100 requests take no longer',
          unit: 's',
          queries: [
            {
              expr: `histogram_quantile(0.95, sum by (name, service_version, le) (${rate(`${SERVER}_bucket{${CHOSEN}}`)} ${NAMED}))`,
              legend: '{{name}} {{service_version}}',
              exemplars: true,
            },
          ],
        },
        {
          title: 'Instances',
          unit: 'short',
          queries: [
            {
              expr: 'count by (name, service_version) (target_info{name=~"$service"})',
              legend: '{{name}} {{service_version}}',
            },
          ],
        },
        {
          title: 'Requests a second of each instance',
          unit: 'reqps',
          queries: [
            {
              expr: `sum by (name, service_instance_id) (${rate(`${SERVER}_count{${CHOSEN}}`)} ${NAMED})`,
              legend: '{{name}} {{service_instance_id}}',
            },
          ],
        },
      ],
    },
  ],
};
