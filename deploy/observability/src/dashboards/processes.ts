import { type DashboardSource, rate } from './panel.ts';

const NODE = 'name!=""';

/** Event loop, memory and processor of each process. */
export const PROCESSES_DASHBOARD: DashboardSource = {
  id: 'processes',
  title: 'Processes: event loop and memory',
  about: 'One thread runs the code of a process: what holds it up, holds up every request.',
  needs: 'services',
  rows: [
    {
      title: 'Event loop',
      panels: [
        {
          title: 'Delay, 99 of 100',
          about:
            'About 20 ms is normal: that is how often it is measured. An alert comes at 250 ms.',
          unit: 's',
          queries: [
            {
              expr: `max by (name, instance) (nodejs_eventloop_delay_p99_seconds{${NODE}})`,
              legend: '{{name}} {{instance}}',
            },
          ],
        },
        {
          title: 'Share of time in which it is active',
          unit: 'percentunit',
          queries: [
            {
              expr: `sum by (name, instance) (${rate('nodejs_eventloop_time_seconds_total{nodejs_eventloop_state="active"}')}) / sum by (name, instance) (${rate('nodejs_eventloop_time_seconds_total')})`,
              legend: '{{name}} {{instance}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Memory and processor',
      panels: [
        {
          title: 'Memory of the process (RSS)',
          unit: 'bytes',
          queries: [
            {
              expr: 'max by (name, instance) (process_resident_memory_bytes{name!="",name!~"prometheus|rabbitmq"})',
              legend: '{{name}} {{instance}}',
            },
          ],
        },
        {
          title: 'Heap that is used',
          unit: 'bytes',
          queries: [
            {
              expr: 'sum by (name, instance) (v8js_memory_heap_used_bytes)',
              legend: '{{name}} {{instance}}',
            },
          ],
        },
        {
          title: 'Processors in use',
          unit: 'short',
          queries: [
            {
              expr: `sum by (name, instance) (${rate('process_cpu_seconds_total{name!="",name!="prometheus"}')})`,
              legend: '{{name}} {{instance}}',
            },
          ],
        },
        {
          title: 'Share of time in garbage collection',
          unit: 'percentunit',
          queries: [
            {
              expr: `sum by (name, instance) (${rate('v8js_gc_duration_seconds_sum')})`,
              legend: '{{name}} {{instance}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Life',
      panels: [
        {
          title: 'Runs since',
          unit: 's',
          width: 8,
          queries: [
            {
              expr: 'time() - max by (name, instance) (process_start_time_seconds{name!=""})',
              legend: '{{name}} {{instance}}',
            },
          ],
        },
        {
          title: 'Open files and connections',
          unit: 'short',
          width: 8,
          queries: [
            {
              expr: 'max by (name, instance) (process_open_fds{name!=""})',
              legend: '{{name}} {{instance}}',
            },
          ],
        },
        {
          title: 'Spans a second: sent, and lost',
          unit: 'ops',
          width: 8,
          queries: [
            {
              expr: `sum by (name) (${rate('otel_sdk_exporter_span_exported_total{error_type=""}')})`,
              legend: '{{name}} sent',
            },
            {
              expr: `sum by (name) (${rate('otel_sdk_exporter_span_exported_total{error_type!=""}')}) or sum by (name) (${rate('otel_sdk_exporter_span_exported_total')}) * 0`,
              legend: '{{name}} lost',
            },
          ],
        },
      ],
    },
  ],
};
