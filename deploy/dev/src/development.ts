import type { EmbeddedOptions, Shop } from '@sockshop/embedded/shop';
import { HotPages } from '@sockshop/front-end/hot-pages';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Compiled } from './compiler.ts';
import { NewestCode } from './newest-code.ts';

/** The shop of `npm start`, which takes over what is saved. It keeps its ports, its data and its sessions. */
export async function startDevelopment(root: string, options: EmbeddedOptions): Promise<Shop> {
  const since = Date.now();
  const code = new NewestCode(root);
  const pages = new HotPages(join(root, '.sockshop', 'vite'));
  const load = () => import('@sockshop/embedded/shop');
  const [{ startShop }] = await Promise.all([load(), pages.start()]);
  let shop = await startShop(options, process.env, pages.adapt);

  const restartAll = async (): Promise<void> => {
    code.replaceAll();
    const newest = await load(); // where that fails, the old shop keeps running
    await shop.close();
    const port = Number(new URL(shop.url).port);
    shop = await newest.startShop({ ...options, port }, process.env, pages.adapt);
  };
  const takeOver = async ({ errors, modules, savedMs }: Compiled): Promise<void> => {
    if (errors.length > 0) {
      console.log(`${errors.join('\n')}\nThe shop keeps running the code from before.`);
      return;
    }
    const folders = code.replace(modules);
    if (folders.length === 0) return;
    const services = folders.map((folder) => folder.replace('services/', ''));
    const ofServices = folders.every((folder) => folder.startsWith('services/'));
    try {
      if (ofServices) for (const name of services) await shop.restart(name);
      else await restartAll();
      const what = ofServices ? services.join(', ') : `${folders.join(', ')}: the whole shop`;
      console.log(
        `${what} restarted ${((Date.now() - savedMs) / 1000).toFixed(1)} s after the save`,
      );
    } catch (error) {
      console.error(error);
      console.log('Not restarted. Save again when it is mended.');
    }
  };

  let work = Promise.resolve();
  const compiler = new Worker(new URL('./compiler.js', import.meta.url), {
    workerData: { root, since },
  });
  compiler.on('message', (compiled: Compiled) => {
    work = work.then(() => takeOver(compiled));
  });
  compiler.once('message', () => {
    console.log('Save a file: its service restarts, or the open page changes.');
  });
  const { url, observatoryUrl, parts, logFile } = shop;
  return {
    url,
    observatoryUrl,
    parts,
    logFile,
    restart: (name) => shop.restart(name),
    close: async () => {
      await compiler.terminate();
      await work;
      await shop.close();
      await pages.close();
    },
  };
}
