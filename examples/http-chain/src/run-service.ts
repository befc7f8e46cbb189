import 'reflect-metadata';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { context, Tracing, tracingConfig } from '@sockshop/tracing';
import { FastifyRequests } from '@sockshop/tracing/fastify';
import type { AddressInfo } from 'node:net';
import { ChainConfig } from './config.ts';
import { HandlerNames } from './handler-names.ts';
import { logOf } from './log.ts';
import { NextService } from './next-service.ts';
import { ServiceLog, Work } from './work.ts';

const HOST = '127.0.0.1';

@Module({})
class ChainModule {
  static with(
    controller: Type,
    config: ChainConfig,
    tracing: Tracing,
    log: ServiceLog,
  ): DynamicModule {
    return {
      module: ChainModule,
      controllers: [controller],
      providers: [
        Work,
        ...(config.nextUrl === undefined ? [] : [NextService]),
        { provide: ChainConfig, useValue: config },
        { provide: Tracing, useValue: tracing },
        { provide: ServiceLog, useValue: log },
      ],
    };
  }
}

/** One service of the chain in its own process, until SIGTERM. */
export async function runService(controller: Type, defaults: ChainConfig): Promise<void> {
  const config = ChainConfig.from(process.env, defaults);
  const log = logOf(config.name);
  const tracing = await Tracing.start(config.name, tracingConfig(process.env));
  const requests = new FastifyRequests(tracing, {
    ended: ({ method, route, status, seconds, context: handled }) => {
      context.with(handled, () => {
        log('request', { method, route, status, ms: Math.round(seconds * 1000) });
      });
    },
  });
  const adapter = new FastifyAdapter();
  requests.trace(adapter.getInstance());
  const module = ChainModule.with(controller, config, tracing, new ServiceLog(log));
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: false });
  app.useGlobalInterceptors(new HandlerNames());
  await app.listen(config.port, HOST);
  const { port } = app.getHttpServer().address() as AddressInfo; // it listens on a port
  Object.assign(tracing.localAddress, { address: HOST, port });
  log('listening', { port });

  const end = async (): Promise<void> => {
    requests.shutdown();
    await app.close();
    await requests.drained();
    await tracing.shutdown();
    process.exit();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end());
}
