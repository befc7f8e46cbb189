import '@sockshop/node-version'; // before all that an older Node cannot load
import type { DefineService } from '@sockshop/service';

const { runService } = await import('@sockshop/service');
const { CatalogueConfig } = await import('./config.ts');
const { catalogue } = await import('./catalogue.module.ts');

export const define: DefineService = (env, argv) => catalogue(CatalogueConfig.read(env, argv));

if (import.meta.main) await runService('catalogue', define);
