import '@sockshop/node-version'; // before all that an older Node cannot load
import type { DefineService } from '@sockshop/service';

const { SERVICE_NAMES } = await import('@sockshop/parts');
const { START } = await import('@sockshop/embedded/options');

/** A first word that names a service makes this program that service, and what follows is the service's. Without one it is the shop. */
const [name = '', ...flags] = process.argv.slice(2);
if (SERVICE_NAMES.some((each) => each === name)) {
  const { runService } = await import('@sockshop/service');
  const { define } = (await import(`@sockshop/${name}`)) as { define: DefineService }; // as in every service's main.ts
  await runService(name, define, flags);
} else if (/^\w/.test(name)) {
  console.error(`no service ${name}: there are ${SERVICE_NAMES.join(', ')}`);
  process.exitCode = 2;
} else {
  const { runShop } = await import('@sockshop/embedded/run-shop');
  const { startShop } = await import('@sockshop/embedded/shop');
  process.on('unhandledRejection', (error) => {
    console.error('unhandled rejection', error);
  });
  START.name('sock-shop').addHelpText(
    'after',
    `\nsock-shop SERVICE runs one service alone: ${SERVICE_NAMES.join(', ')}.\nIts flags follow, and sock-shop SERVICE --help lists them.`,
  );
  await runShop((options) => startShop(options, process.env));
}
