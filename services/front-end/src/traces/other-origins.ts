import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { admitForeignPages } from '@sockshop/service';
import { BROWSER_SPANS_PATH } from './browser-spans.ts';

/**
 * Lets pages of these origins take part in traces: they read responses without cookies, send trace context with their calls, read the ids
 * of the trace and post their spans. The shop's other rules for foreign pages stay: they change nothing. Without origins there are no headers.
 */
export function admitOrigins(app: NestFastifyApplication, origins: readonly string[]): void {
  if (origins.length === 0) return;
  app.enableCors({
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST'],
    allowedHeaders: ['content-type', 'traceparent', 'tracestate', 'baggage'],
    exposedHeaders: ['x-trace-id', 'server-timing'],
    maxAge: 600,
  });
  admitForeignPages(app.getHttpAdapter().getInstance(), BROWSER_SPANS_PATH, origins);
}
