import { Controller, Get, Header, HttpStatus, Res } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { within } from '@sockshop/resilience';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Operation } from './operation.ts';
import { Untraced } from './untraced.ts';

export interface HealthOptions {
  /** As in the `service` field, such as `carts`. */
  service: string;
  /** The original's Go services name the time `time` and print it Go's way; its Java services name it `date`, in ISO form. */
  timeField: 'time' | 'date';
  /** Default `application/json; charset=utf-8`. */
  mediaType?: string;
  /** The checks of what the service needs, by shown name, such as `carts-db`. One that rejects is reported as `err`. */
  dependencies?: Readonly<Record<string, () => Promise<unknown>>>;
  /** The original's shipping lists its broker before itself. */
  dependenciesFirst?: boolean;
}

/** Longest wait for a dependency's response: probes come every 3 s with a time limit of 1 s. */
const CHECK_TIMEOUT_MS = 800;

/** The contents of `/health` and `/readyz`. A service provides one; without it, it has no dependency and is always ready. */
export class HealthReport {
  /** True while the service shuts down: it is alive but no longer ready. */
  draining = false;

  constructor(private readonly options: HealthOptions) {}

  get mediaType(): string {
    return this.options.mediaType ?? 'application/json; charset=utf-8';
  }

  /** The original's shape. The HTTP status is always 200: only the inner status changes. */
  async report(): Promise<{ health: Record<string, string>[] }> {
    const { service, dependencies = {}, dependenciesFirst, timeField } = this.options;
    const own = { service, status: 'OK' };
    const others = await Promise.all(
      Object.entries(dependencies).map(async ([name, check]) => ({
        service: name,
        status: (await answers(check)) ? 'OK' : 'err',
      })),
    );
    const entries = dependenciesFirst ? [...others, own] : [own, ...others];
    const now = new Date().toISOString();
    const time = timeField === 'date' ? now : `${now.replace('T', ' ').replace('Z', '')} +0000 UTC`;
    return { health: entries.map((entry) => ({ ...entry, [timeField]: time })) };
  }

  /** Whether the service can serve requests: every dependency responds, and no shutdown is in progress. */
  async ready(): Promise<boolean> {
    if (this.draining) return false;
    const checks = Object.values(this.options.dependencies ?? {}).map(answers);
    return (await Promise.all(checks)).every(Boolean);
  }
}

const entry = z
  .object({ service: z.string(), status: z.enum(['OK', 'err']) })
  .catchall(z.string())
  .meta({ description: 'The moment of the check is in `time` or `date`.' });
const Health = z.object({ health: z.array(entry) }).meta({ id: 'Health' });
const text = (description: string) =>
  ({ description, mediaType: 'text/plain', body: z.string() }) as const;

async function answers(check: () => Promise<unknown>): Promise<boolean> {
  const checked = Promise.resolve().then(check); // a check may also throw at once
  return within(CHECK_TIMEOUT_MS, checked, () => new Error('no answer in time')).then(
    () => true,
    () => false,
  );
}

/** `/health` in the original's shape, `/livez` (the process works) and `/readyz` (it can serve) for Kubernetes. */
@Controller()
@Untraced()
export class HealthController {
  constructor(private readonly modules: ModuleRef) {}

  @Get('health')
  @Operation({
    summary: 'The state of the service and its dependencies',
    description: 'Always 200: an unavailable part has the status `err`.',
    response: { body: Health, mediaType: ['application/json', 'application/hal+json'] },
  })
  async health(@Res() reply: FastifyReply): Promise<void> {
    const report = this.reporter();
    // As bytes: Fastify would add a charset to a text's media type.
    const body = Buffer.from(JSON.stringify(await report.report()));
    await reply.header('content-type', report.mediaType).send(body);
  }

  @Get('livez')
  @Operation({ summary: 'Whether the process works', response: text('it does') })
  @Header('content-type', 'text/plain; charset=utf-8')
  alive(): string {
    return 'ok';
  }

  @Get('readyz')
  @Operation({
    summary: 'Whether requests can be served',
    response: text('they can'),
    also: { 503: text('a part it needs is unavailable, or it is shutting down') },
  })
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const ready = await this.reporter().ready();
    await reply
      .status(ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
      .header('content-type', 'text/plain; charset=utf-8')
      .send(ready ? 'ok' : 'not ready');
  }

  private reporter(): HealthReport {
    return this.modules.get(HealthReport, { strict: false }); // each service's own module provides it
  }
}
