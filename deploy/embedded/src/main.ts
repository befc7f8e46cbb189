import { runShop } from './run-shop.ts';
import { startShop } from './shop.ts';

process.on('unhandledRejection', (error) => {
  console.error('unhandled rejection', error);
});
await runShop((options) => startShop(options, process.env));
