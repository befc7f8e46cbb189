import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SpanKind } from '@opentelemetry/api';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { Traced, TracingModule } from '../src/nest.ts';
import { Tracing } from '../src/tracing.ts';

const spans = new InMemorySpanExporter();

@Injectable()
class Shelf {
  @Traced()
  async find(id: string): Promise<{ id: string }> {
    return Promise.resolve({ id });
  }
}

@Controller('socks')
class SocksController {
  constructor(
    private readonly shelf: Shelf,
    private readonly tracing: Tracing,
  ) {}

  @Get('service')
  service(): string {
    return this.tracing.serviceName;
  }

  @Get(':id')
  find(@Param('id') id: string): Promise<{ id: string }> {
    return this.shelf.find(id);
  }
}

@Module({
  imports: [TracingModule.forRoot({ serviceName: 'socks', exporter: spans })],
  controllers: [SocksController],
  providers: [Shelf],
})
class AppModule {}

describe('TracingModule of a Nest application on Fastify', () => {
  let app: NestFastifyApplication;
  let url: string;
  beforeAll(async () => {
    app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), {
      logger: false,
    });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(() => app.close());

  it('makes a SERVER span of a request, with the route, and the methods’ spans inside', async () => {
    const response = await fetch(`${url}/socks/7?token=abc`, {
      headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    });
    expect(await response.json()).toEqual({ id: '7' });
    expect(response.headers.get('x-trace-id')).toBe('0af7651916cd43dd8448eb211c80319c');
    const [step, request] = spans.getFinishedSpans();
    expect(request).toMatchObject({
      name: 'GET /socks/{id}',
      kind: SpanKind.SERVER,
      parentSpanContext: { spanId: 'b7ad6b7169203331' },
      attributes: { 'http.route': '/socks/{id}', 'url.query': 'token=REDACTED' },
    });
    expect(step).toMatchObject({
      name: 'find',
      parentSpanContext: { spanId: request!.spanContext().spanId },
    });
  });

  it('lets Tracing be injected', async () => {
    expect(await (await fetch(`${url}/socks/service`)).text()).toBe('socks');
  });
});
