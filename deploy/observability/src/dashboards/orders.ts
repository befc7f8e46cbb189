import { type DashboardSource, grown, quantiles, rate, share } from './panel.ts';

const FRONT_END = 'http_server_request_duration_seconds';
const STEPS = 'sockshop_order_transitions_total';
const done = (method: string, route: string): string =>
  `${FRONT_END}_count{name="front-end",http_request_method="${method}",http_route="${route}",http_response_status_code=~"2.."}`;
const step = (status: string): string => `${STEPS}{status="${status}"}`;

/** From the visit to the shipped order: where shoppers and orders are lost. */
export const ORDERS_DASHBOARD: DashboardSource = {
  id: 'orders',
  title: 'Orders: from the cart to the parcel',
  about: 'How many come from one step to the next, and which orders do not get on.',
  needs: 'services',
  rows: [
    {
      title: 'Funnel of the time shown',
      panels: [
        {
          title: 'Socks put into carts',
          unit: 'short',
          kind: 'stat',
          queries: [{ expr: grown(done('POST', '/cart')), legend: 'carts' }],
        },
        {
          title: 'Orders created',
          unit: 'short',
          kind: 'stat',
          queries: [{ expr: grown(step('CREATED')), legend: 'created' }],
        },
        {
          title: 'Orders paid',
          unit: 'short',
          kind: 'stat',
          queries: [{ expr: grown(step('PAID')), legend: 'paid' }],
        },
        {
          title: 'Orders handed to shipping',
          unit: 'short',
          kind: 'stat',
          queries: [{ expr: grown(step('SHIPPING')), legend: 'shipping' }],
        },
        {
          title: 'Orders shipped',
          unit: 'short',
          kind: 'stat',
          queries: [{ expr: grown(step('SHIPPED')), legend: 'shipped' }],
        },
        {
          title: 'Payments declined',
          unit: 'short',
          kind: 'stat',
          queries: [{ expr: grown(step('PAYMENT_FAILED')), legend: 'declined' }],
        },
      ],
    },
    {
      title: 'Over time',
      panels: [
        {
          title: 'Orders that come to each status, a second',
          unit: 'ops',
          queries: [{ expr: `sum by (status) (${rate(STEPS)})`, legend: '{{status}}' }],
        },
        {
          title: 'Share of orders that are declined or cancelled',
          about: 'Payment declines more than 105 dollars. Cancelled: the shopper got a 503.',
          unit: 'percentunit',
          queries: [
            { expr: share(step('PAYMENT_FAILED'), step('CREATED')), legend: 'declined' },
            { expr: share(step('CANCELLED'), step('CREATED')), legend: 'cancelled' },
          ],
        },
        {
          title: 'How long a checkout takes',
          unit: 's',
          queries: quantiles(
            `${FRONT_END}_bucket{name="front-end",http_request_method="POST",http_route="/orders"}`,
          ),
        },
        {
          title: 'Orders that do not get on',
          about:
            'Unfinished: the last attempt failed. Not shipped yet: paid and not shipped within the time shown.',
          unit: 'short',
          queries: [
            { expr: 'sum(sockshop_order_unfinished)', legend: 'unfinished' },
            {
              expr: `${grown(step('PAID'))} - ${grown(step('SHIPPED'))}`,
              legend: 'not shipped yet',
            },
          ],
        },
      ],
    },
  ],
};
