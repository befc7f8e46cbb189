import { ChainConfig } from './config.ts';
import { runService } from './run-service.ts';
import { Service3Controller } from './service3.controller.ts';

await runService(Service3Controller, new ChainConfig('service3', 8883, 80, undefined));
