import { runService } from '@sockshop/service';
import { catalogue } from './catalogue.module.ts';
import { CatalogueConfig } from './config.ts';

await runService('catalogue', () =>
  catalogue(CatalogueConfig.read(process.env, process.argv.slice(2))),
);
