import { ChainConfig } from './config.ts';
import { runService } from './run-service.ts';
import { Service1Controller } from './service1.controller.ts';

await runService(
  Service1Controller,
  new ChainConfig('service1', 8881, 40, 'http://127.0.0.1:8882'),
);
