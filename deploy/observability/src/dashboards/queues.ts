import { type DashboardSource, quantileOf, quantiles, rate } from './panel.ts';

const BY_QUEUE = 'messaging_destination_name';

/** How many messages wait and how long. */
export const QUEUES_DASHBOARD: DashboardSource = {
  id: 'queues',
  title: 'Queues: depth and age',
  about: 'How many messages wait, how long they waited, and which could not be handled.',
  needs: 'servers',
  rows: [
    {
      title: 'Depth (of RabbitMQ)',
      panels: [
        {
          title: 'Messages that wait',
          unit: 'short',
          width: 8,
          queries: [
            { expr: 'sum by (queue) (rabbitmq_queue_messages_ready)', legend: '{{queue}}' },
          ],
        },
        {
          title: 'Messages being handled',
          unit: 'short',
          width: 8,
          queries: [
            { expr: 'sum by (queue) (rabbitmq_queue_messages_unacked)', legend: '{{queue}}' },
          ],
        },
        {
          title: 'Consumers',
          about: 'Delay queues (.retry) and dead-letter queues (.dead) have none.',
          unit: 'short',
          width: 8,
          queries: [{ expr: 'sum by (queue) (rabbitmq_queue_consumers)', legend: '{{queue}}' }],
        },
      ],
    },
    {
      title: 'Age and flow (of the services)',
      panels: [
        {
          title: 'How long messages waited',
          unit: 's',
          queries: quantiles(
            'sockshop_message_wait_duration_seconds_bucket',
            [BY_QUEUE],
            [0.5, 0.95],
          ),
        },
        {
          title: '95 of 100 messages are handled within',
          unit: 's',
          queries: [
            {
              expr: quantileOf('messaging_process_duration_seconds_bucket', [BY_QUEUE], 0.95),
              legend: `{{${BY_QUEUE}}}`,
              exemplars: true,
            },
          ],
        },
        {
          title: 'Messages a second',
          unit: 'ops',
          queries: [
            {
              expr: `sum by (name, ${BY_QUEUE}) (${rate('messaging_client_sent_messages_total')})`,
              legend: `{{name}} sent to {{${BY_QUEUE}}}`,
            },
            {
              expr: `sum by (name, ${BY_QUEUE}) (${rate('messaging_client_consumed_messages_total')})`,
              legend: `{{name}} handled of {{${BY_QUEUE}}}`,
            },
          ],
        },
        {
          title: 'Messages that failed, a second',
          about: 'Each is tried again, up to 25 s later, and in the end dead-lettered.',
          unit: 'ops',
          queries: [
            {
              expr: `sum by (${BY_QUEUE}) (${rate('messaging_client_consumed_messages_total{error_type!=""}')}) or sum by (${BY_QUEUE}) (${rate('messaging_client_consumed_messages_total')}) * 0`,
              legend: `{{${BY_QUEUE}}}`,
            },
          ],
        },
        {
          title: 'Dead letters',
          about: 'npm run queue -- list shows them, and npm run queue -- replay sends them again.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (queue) (rabbitmq_queue_messages_ready{queue=~".+\\\\.dead"})',
              legend: '{{queue}}',
            },
          ],
        },
        {
          title: 'Connections and channels of the broker',
          unit: 'short',
          queries: [
            { expr: 'sum(rabbitmq_connections)', legend: 'connections' },
            { expr: 'sum(rabbitmq_channels)', legend: 'channels' },
          ],
        },
      ],
    },
  ],
};
