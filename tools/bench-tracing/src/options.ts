import { command, whole } from '@sockshop/cli';

export const BENCH_TRACING = command('npm run bench:tracing --')
  .description(
    `Measures the processor time of a request to a bare Fastify route: without tracing, with 0, 10 and 100 % of the requests sampled, and with
OpenTelemetry's own HTTP instrumentation. All run at once and take turns, so that they meet the same machine.`,
  )
  .option('--rounds <N>', 'how often each has its turn', whole(1, 1000), 15)
  .option('--requests <N>', 'requests of a turn', whole(1, 1_000_000), 3000);
