import { command, whole } from '@sockshop/cli';

export const BRING_YOUR_OWN = command('npm run example:bring-your-own --')
  .description(
    `Starts the shop, with its spans going through an OpenTelemetry Collector that keeps traces with an error, slow ones and a tenth of the rest,
and counts what was kept. The Collector is built with Go. ZIPKIN names where the kept traces go; without it a trace store is started.`,
  )
  .option('--requests <N>', 'without an error', whole(1, 100_000), 200)
  .option('--errors <N>', 'with an error', whole(1, 100_000), 10);

export type BringYourOwnOptions = ReturnType<typeof BRING_YOUR_OWN.opts>;
