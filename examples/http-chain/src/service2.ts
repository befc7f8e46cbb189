import { ChainConfig } from './config.ts';
import { runService } from './run-service.ts';
import { Service2Controller } from './service2.controller.ts';

await runService(
  Service2Controller,
  new ChainConfig('service2', 8882, 60, 'http://127.0.0.1:8883'),
);
