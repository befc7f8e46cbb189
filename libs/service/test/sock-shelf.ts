import {
  BadRequestException,
  Body,
  Controller,
  type DynamicModule,
  Get,
  InternalServerErrorException,
  Module,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { Telemetry, traceFields } from '@sockshop/telemetry';
import { inSpan, Tracing, tracingConfig } from '@sockshop/tracing';
import { request } from 'node:http';
import { z } from 'zod';
import { HealthReport, type HealthOptions } from '../src/health.ts';
import { JsonLog, type LogLevel } from '../src/json-log.ts';
import { Operation } from '../src/operation.ts';
import { ShopError, UnavailableError } from '../src/problem.ts';
import { requestLogLevel } from '../src/request-log.ts';
import { type RunningService, type ServiceDefinition, startService } from '../src/service.ts';

const NewSock = z.object({ name: z.string(), price: z.number().positive() });
const Page = z.object({ size: z.coerce.number().int().min(1).default(5) });

/** Errors by the word that asks for them. */
const ERRORS: Record<string, () => unknown> = {
  shop: () =>
    new ShopError(406, 'payment declined', {
      fields: { reason: 'amount' },
      headers: { 'x-own': '1' },
    }),
  unavailable: () =>
    new UnavailableError('shelf-db', new Error('connect ECONNREFUSED 10.0.0.3:27017')),
  nest: () => new BadRequestException('no such size'),
  'nest-500': () => new InternalServerErrorException(),
  unknown: () => new TypeError('secret of the house'),
  text: () => 'secret of the house',
};

/** Delays requests to /socks/gate until the test releases them. */
export class Gate {
  private open: () => void = () => undefined;
  private opened = new Promise<void>((resolve) => (this.open = resolve));
  waiting = 0;

  async pass(): Promise<void> {
    this.waiting += 1;
    await this.opened;
  }

  release(): void {
    this.open();
  }
}

@Controller('socks')
class SocksController {
  constructor(
    private readonly gate: Gate,
    private readonly telemetry: Telemetry,
    private readonly log: JsonLog,
  ) {}

  @Get()
  list(@Query({ schema: Page }) { size }: z.infer<typeof Page>) {
    return { size };
  }

  @Get('count')
  @Operation({ changesState: true, response: z.object({ count: z.int() }) })
  count() {
    return { count: 1 };
  }

  @Get('gate')
  async wait() {
    await this.gate.pass();
    return { open: true };
  }

  /** More than a connection holds: it is sent as its reader takes it. */
  @Get('flood')
  flood() {
    return { text: 'sock '.repeat(5_000_000) };
  }

  @Get('fail/:how')
  fail(@Param('how') how: string): never {
    throw ERRORS[how]?.();
  }

  @Get('pictures/gate')
  async slowPicture() {
    await this.gate.pass();
    return {};
  }

  @Get('pictures/:name')
  async picture(@Param('name') name: string) {
    await inSpan(this.telemetry, 'draw', {}, () => undefined);
    return { name };
  }

  @Get(':id')
  async sock(@Param('id') id: string) {
    return inSpan(this.telemetry, 'look up', {}, () => ({ id }));
  }

  @Post('gate')
  async waitWithBody(@Body() body: unknown) {
    await this.gate.pass();
    return { body };
  }

  @Post()
  add(@Body({ schema: NewSock }) sock: z.infer<typeof NewSock>) {
    this.log.log('sock added');
    return { sock, active: Tracing.active() === this.telemetry, trace: traceFields() };
  }

  @Post('any')
  any(@Body() body: unknown) {
    return { body: body ?? 'none' };
  }
}

@Module({})
export class ShelfModule {
  static with(
    health = new HealthReport({ service: 'shelf', timeField: 'time' }),
    gate = new Gate(),
  ): DynamicModule {
    return {
      module: ShelfModule,
      controllers: [SocksController],
      providers: [
        { provide: HealthReport, useValue: health },
        { provide: Gate, useValue: gate },
      ],
    };
  }
}

export interface Shelf {
  service: RunningService;
  spans: InMemorySpanExporter;
  lines: Record<string, unknown>[];
  health: HealthReport;
  gate: Gate;
  telemetry: Telemetry;
}

export interface ShelfOptions {
  env?: Record<string, string>;
  health?: Partial<HealthOptions>;
  definition?: Partial<ServiceDefinition>;
  requestLevel?: string;
  minimum?: LogLevel;
}

/** Spans can be read after the service has closed, too. */
class KeptSpans extends InMemorySpanExporter {
  override shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** A small service on a free port. */
export async function startShelf(options: ShelfOptions = {}): Promise<Shelf> {
  const spans = new KeptSpans();
  const lines: Record<string, unknown>[] = [];
  const telemetry = await Telemetry.start('shelf', tracingConfig(options.env ?? {}), spans);
  const log = new JsonLog('shelf', options.minimum ?? 'debug', (line) => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
  });
  const health = new HealthReport({ service: 'shelf', timeField: 'time', ...options.health });
  const gate = new Gate();
  const module = ShelfModule.with(health, gate);
  const place = { name: 'shelf', module, port: 0, host: '127.0.0.1' };
  const service = await startService(
    { ...place, ...options.definition },
    telemetry,
    log,
    requestLogLevel(options.requestLevel),
  );
  return { service, spans, lines, health, gate, telemetry };
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** What `fetch` would not send: any verb, any path, as they stand. */
export function send(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const body = Buffer.concat(parts).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}
