// The smallest service, for the tests of runService(): a process of its own, from the built lib.
import { Controller, Get, Module } from '@nestjs/common';
import { configOf, HealthReport, runService } from '@sockshop/service';

class SocksController {
  list() {
    return [];
  }

  stray() {
    void Promise.reject(new Error('no handler waits for this'));
    return [];
  }
}
const describe = (name) => Object.getOwnPropertyDescriptor(SocksController.prototype, name);
Get()(SocksController.prototype, 'list', describe('list'));
Get('stray')(SocksController.prototype, 'stray', describe('stray'));
Controller('socks')(SocksController);

class TinyModule {}
Module({})(TinyModule);

class TinyConfig extends configOf({ variables: {}, config: () => ({}) }) {}

await runService('tiny', (env, argv) => {
  const { port, host } = TinyConfig.read(env, argv);
  const health = new HealthReport({ service: 'tiny', timeField: 'time' });
  return {
    name: 'tiny',
    module: {
      module: TinyModule,
      controllers: [SocksController],
      providers: [{ provide: HealthReport, useValue: health }],
    },
    port,
    host,
  };
});
