import { runService } from '@sockshop/service';
import { FrontEndConfig } from './config.ts';
import { frontEnd } from './front-end.module.ts';

await runService('front-end', () =>
  frontEnd(FrontEndConfig.read(process.env, process.argv.slice(2))),
);
