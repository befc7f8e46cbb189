import { command, text, whole } from '@sockshop/cli';

const port = whole(0, 65_535);

export const RPC_CHAIN = command('npm run example:rpc-chain --')
  .description(
    `Starts hello-service and greeting-service, which find each other through ZooKeeper, makes one call and prints its trace. Then an instance
joins and another one leaves while calls go on. ZIPKIN names where the spans go; without it a trace store is started. ZOOKEEPER_URL
names a ZooKeeper; without it one is started, and installed where that is allowed.`,
  )
  .option('--name <TEXT>', 'who is greeted', text, 'world')
  .option(
    '--calls <N>',
    'before an instance joins, before one leaves, and after; 0: none',
    whole(0, 100_000),
    200,
  )
  .option('--greeting-port <PORT>', 'of greeting-service; 0: a free one', port, 20881)
  .option('--hello-port <PORT>', 'of hello-service; 0: a free one', port, 20880);

export type RpcChainOptions = ReturnType<typeof RPC_CHAIN.opts>;
