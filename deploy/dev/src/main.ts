import { START } from '@sockshop/embedded/options';
import { runShop } from '@sockshop/embedded/run-shop';
import { join } from 'node:path';
import { startDevelopment } from './development.ts';

const ROOT = join(import.meta.dirname, '../../..');

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
