import { type DashboardSource, grown, rate } from './panel.ts';

const SERVER = 'http_server_request_duration_seconds_count';
const frontEnd = (method: string, route: string, status: string): string =>
  `${SERVER}{name="front-end",http_request_method="${method}",http_route=~"${route}",http_response_status_code=~"${status}"}`;
const minute = (series: string): string => `sum(${rate(series)}) * 60`;
const PAID = 'sockshop_order_transitions_total{status="PAID"}';
const REVENUE = 'sockshop_order_revenue_dollars_total';
const LOGINS = frontEnd('GET', '/login', '2..');

/** What the owner of the shop asks. */
export const BUSINESS_DASHBOARD: DashboardSource = {
  id: 'business',
  title: 'Business: orders, revenue, logins',
  about: 'What the shop earns, and what its shoppers do.',
  needs: 'services',
  rows: [
    {
      title: 'In the time shown',
      panels: [
        {
          title: 'Orders',
          unit: 'short',
          kind: 'stat',
          queries: [{ expr: grown(PAID), legend: 'orders' }],
        },
        {
          title: 'Revenue',
          unit: 'currencyUSD',
          kind: 'stat',
          queries: [{ expr: grown(REVENUE), legend: 'revenue' }],
        },
        {
          title: 'Mean order',
          unit: 'currencyUSD',
          kind: 'stat',
          queries: [{ expr: `${grown(REVENUE)} / ${grown(PAID)}`, legend: 'mean order' }],
        },
        {
          title: 'Logins',
          unit: 'short',
          kind: 'stat',
          queries: [{ expr: grown(LOGINS), legend: 'logins' }],
        },
        {
          title: 'New customers',
          unit: 'short',
          kind: 'stat',
          queries: [{ expr: grown(frontEnd('POST', '/register', '2..')), legend: 'registered' }],
        },
        {
          title: 'Orders to 100 logins',
          unit: 'short',
          kind: 'stat',
          queries: [{ expr: `100 * ${grown(PAID)} / ${grown(LOGINS)}`, legend: 'orders' }],
        },
      ],
    },
    {
      title: 'A minute',
      panels: [
        { title: 'Orders', unit: 'short', queries: [{ expr: minute(PAID), legend: 'orders' }] },
        {
          title: 'Revenue',
          unit: 'currencyUSD',
          queries: [{ expr: minute(REVENUE), legend: 'revenue' }],
        },
        {
          title: 'Logins',
          unit: 'short',
          queries: [
            { expr: minute(LOGINS), legend: 'logged in' },
            {
              expr: `${minute(frontEnd('GET', '/login', '401'))} or vector(0)`,
              legend: 'wrong password',
            },
          ],
        },
        {
          title: 'What shoppers look at',
          unit: 'short',
          queries: [
            { expr: minute(frontEnd('GET', '/catalogue', '2..')), legend: 'catalogue' },
            {
              expr: minute(frontEnd('GET', '/catalogue/.+', '2..')),
              legend: 'a sock or its picture',
            },
            { expr: minute(frontEnd('POST', '/cart', '2..')), legend: 'put into a cart' },
          ],
        },
      ],
    },
  ],
};
