import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { Operation, Untraced } from '@sockshop/service';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Sessions } from '../session.ts';
import { BrowserSpanIntake } from './browser-spans.ts';
import { OtlpRequest, OtlpResponse } from './otlp-request.ts';

/** OTLP/HTTP for the spans of pages, which reach no collector. Not traced, or each request would be one more trace. */
@Controller('v1')
@Untraced()
@Operation({ tag: 'traces' })
export class BrowserSpansController {
  constructor(
    private readonly intake: BrowserSpanIntake,
    private readonly sessions: Sessions,
  ) {}

  @Post('traces')
  @Operation({
    summary: "Take a page's own spans, by OTLP/HTTP in JSON",
    description: 'At most 50 spans, and 64 KiB. Attributes that are not on a list are dropped.',
    response: OtlpResponse,
    also: { 413: 'more than 64 KiB' },
  })
  @HttpCode(200)
  traces(
    @Body({ schema: OtlpRequest }) spans: OtlpRequest,
    @Req() request: FastifyRequest,
  ): z.input<typeof OtlpResponse> {
    const userAgent = request.headers['user-agent'];
    return this.intake.take(spans, { visitor: this.sessions.visitor(request), userAgent });
  }
}
