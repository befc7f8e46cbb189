import { Injectable } from '@nestjs/common';
import { Traced } from '@sockshop/tracing';
import { setTimeout as pause } from 'node:timers/promises';
import { ChainConfig } from './config.ts';
import type { Log } from './log.ts';

/** The service's log, as Nest injects it. */
export class ServiceLog {
  constructor(readonly write: Log) {}
}

/** What a service does itself: it takes its time, in a span of its own. */
@Injectable()
export class Work {
  constructor(
    private readonly config: ChainConfig,
    private readonly log: ServiceLog,
  ) {}

  @Traced('work')
  async done(): Promise<void> {
    await pause(this.config.delayMs);
    this.log.write('worked', { ms: this.config.delayMs });
  }
}
