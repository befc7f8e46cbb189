import { runService } from '@sockshop/service';
import { UserConfig } from './config.ts';
import { user } from './user.module.ts';

await runService('user', () => user(UserConfig.read(process.env, process.argv.slice(2))));
