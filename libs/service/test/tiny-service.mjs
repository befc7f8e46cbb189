// The smallest service, for the tests of runService(): a process of its own, from the built lib.
import { Controller, Get, Module } from '@nestjs/common';
import { HealthReport, listenSettings, readSettings, runService } from '@sockshop/service';
import { z } from 'zod';

class SocksController {
  list() {
    return [];
  }

  stray() {
    void Promise.reject(new Error('nobody waits for this'));
    return [];
  }
}
const describe = (name) => Object.getOwnPropertyDescriptor(SocksController.prototype, name);
Get()(SocksController.prototype, 'list', describe('list'));
Get('stray')(SocksController.prototype, 'stray', describe('stray'));
Controller('socks')(SocksController);

class TinyModule {}
Module({})(TinyModule);

await runService('tiny', () => {
  const settings = readSettings(z.object(listenSettings), process.env, process.argv.slice(2));
  const health = new HealthReport({ service: 'tiny', timeField: 'time' });
  return {
    name: 'tiny',
    module: {
      module: TinyModule,
      controllers: [SocksController],
      providers: [{ provide: HealthReport, useValue: health }],
    },
    port: settings.PORT,
    host: settings.HOST,
  };
});
