import '@sockshop/node-version'; // before all that an older Node cannot load

const { fileURLToPath } = await import('node:url');
const { command, Option, path, run } = await import('@sockshop/cli');
const { packShop } = await import('./pack-shop.ts');

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const PACK = command('npm run pack:shop --')
  .description('Packs the whole shop into one file that npx runs: sock-shop-VERSION.tgz.')
  .addOption(
    new Option('--dir <DIR>', 'folder of the file').argParser(path).default(ROOT, 'the top folder'),
  )
  .action(async ({ dir }) => {
    const { path: file, bytes } = await packShop(ROOT, dir);
    console.log(`${file}: ${(bytes / 1e6).toFixed(1)} MB. Start the shop with: npx ${file}`);
  });
await run(PACK);
