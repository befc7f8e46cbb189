import '@sockshop/node-version'; // before all that an older Node cannot load

const { run } = await import('@sockshop/cli');
const { PROMETHEUS, runningShop } = await import('./options.ts');
const { startBesideShop } = await import('./prometheus.ts');
const path = await import('node:path');

PROMETHEUS.action(async ({ dir, port }) => {
  const shop = runningShop(dir);
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        resolve();
      });
  });
  const say = (line: string): void => {
    console.log(`  ${line}`);
  };
  const place = { shop: shop.dir, dir: path.join(dir, 'prometheus'), port, say };
  const server = await startBesideShop(place);
  console.log(`Queries: ${server.url}/graph`);
  console.log(`Alerts:  ${server.url}/alerts`);
  console.log(`Prometheus is ready: ${server.url}`);
  const ended = await Promise.race([stopped, server.ended]);
  await server.stop();
  if (ended !== undefined) throw new Error(`Prometheus ended: ${ended}`);
});
await run(PROMETHEUS);
process.exit();
