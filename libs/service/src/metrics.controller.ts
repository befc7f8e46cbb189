import { Controller, Get, Headers, Res } from '@nestjs/common';
import { Telemetry } from '@sockshop/telemetry';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Operation } from './operation.ts';
import { Untraced } from './untraced.ts';

/** Prometheus text, or OpenMetrics with exemplars where a client accepts it. `/prometheus` is the path of the original's queue-master, which its Prometheus configuration scrapes. */
@Controller()
@Untraced()
export class MetricsController {
  constructor(private readonly telemetry: Telemetry) {}

  @Get(['metrics', 'prometheus'])
  @Operation({
    summary: 'Counts and durations',
    response: { description: 'Prometheus text', mediaType: 'text/plain', body: z.string() },
  })
  async metrics(
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { text, contentType } = await this.telemetry.metrics.answer(accept);
    await reply.header('content-type', contentType).header('vary', 'accept').send(text);
  }
}
