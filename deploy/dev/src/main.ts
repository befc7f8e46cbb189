import '@sockshop/node-version'; // before all that an older Node cannot load

const path = await import('node:path');
const { START } = await import('@sockshop/embedded/options');
const { runShop } = await import('@sockshop/embedded/run-shop');
const { startDevelopment } = await import('./development.ts');

const ROOT = path.join(import.meta.dirname, '../../..');

// A mistake in one service must not end the others.
process.on('unhandledRejection', (error) => {
  console.error('unhandled rejection', error);
});
process.on('uncaughtException', (error) => {
  console.error('uncaught exception', error);
});
START.name('npm run dev --').description(
  'Starts the whole shop in one process, restarts what is saved, and keeps pages hot.',
);
await runShop((options) => startDevelopment(ROOT, options));
