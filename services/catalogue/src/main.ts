import { type DefineService, runService } from '@sockshop/service';
import { catalogue } from './catalogue.module.ts';
import { CatalogueConfig } from './config.ts';

export const define: DefineService = (env, argv) => catalogue(CatalogueConfig.read(env, argv));

if (import.meta.main) await runService('catalogue', define);
