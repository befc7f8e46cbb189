import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Tracing } from '@sockshop/tracing';
import { traceDispatches } from '@sockshop/tracing/undici';
import { type Dispatcher, Pool } from 'undici';
import { ChainConfig } from './config.ts';

/** The service that comes after this one. */
@Injectable()
export class NextService implements OnModuleDestroy {
  private readonly pool: Pool;
  private readonly traced: Dispatcher;

  constructor(config: ChainConfig, tracing: Tracing) {
    this.pool = new Pool(config.nextUrl ?? 'http://127.0.0.1:1');
    this.traced = this.pool.compose(traceDispatches(tracing, { template: ({ path }) => path }));
  }

  /** The names of the services from there on. */
  async chain(path: string): Promise<string[]> {
    const response = await this.traced.request({ method: 'GET', path });
    if (response.statusCode !== 200) {
      await response.body.dump();
      throw new Error(`GET ${path} answered ${response.statusCode}`);
    }
    return (await response.body.json()) as string[]; // the other services of this chain
  }

  async onModuleDestroy(): Promise<void> {
    await this.pool.close();
  }
}
