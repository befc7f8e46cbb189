import '@sockshop/node-version'; // before all that an older Node cannot load

const { runShop } = await import('./run-shop.ts');
const { startShop } = await import('./shop.ts');

process.on('unhandledRejection', (error) => {
  console.error('unhandled rejection', error);
});
await runShop((options) => startShop(options, process.env));
