import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import {
  JsonLog,
  type LogLevel,
  type RunningService,
  type ServiceDefinition,
  startService,
} from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { Documented, noting, until } from '@sockshop/testing';
import { tracingConfig } from '@sockshop/tracing';

/** Settings with which a service listens on a free port of this machine. */
export const FREE_PORT = { PORT: '0', HOST: '127.0.0.1' };

/** A log line. */
export interface LogLine {
  level: string;
  message: string;
  [field: string]: unknown;
}

/** A service in the test's process, with its spans, its log lines and its router's routes. */
export class ServiceUnderTest {
  readonly spans = new InMemorySpanExporter();
  readonly lines: string[] = [];
  readonly routes = new Set<string>();
  documented!: Documented;
  private service!: RunningService;

  /** `env`: variables of tracing. */
  static start(
    definition: ServiceDefinition,
    level?: LogLevel,
    env?: Record<string, string>,
  ): Promise<ServiceUnderTest> {
    return new ServiceUnderTest().begin(definition, level, env);
  }

  /** Starts the service; for suites that name it before their tests run. */
  async begin(
    definition: ServiceDefinition,
    level: LogLevel = 'info',
    env: Record<string, string> = {},
  ): Promise<this> {
    const { name } = definition;
    this.service = await startService(
      noting(definition, this.routes),
      await Telemetry.start(name, tracingConfig(env), this.spans),
      new JsonLog(name, level, (line) => this.lines.push(line)),
    );
    this.documented = await Documented.at(this.service.url);
    return this;
  }

  get url(): string {
    return this.service.url;
  }

  get port(): number {
    return this.service.port;
  }

  /** Calls the service and compares its answer with /openapi.json. */
  fetch(path: string, init?: RequestInit): Promise<Response> {
    return this.documented.fetch(`${this.url}${path}`, init);
  }

  /** Sends text as it is and everything else as JSON. Without a body there is no content type. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    if (body === undefined) return this.fetch(path, { method, headers });
    return this.fetch(path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  async json(path: string): Promise<unknown> {
    return (await this.fetch(path)).json();
  }

  /** Reads the whole body: an unread one would keep its connection. */
  async status(path: string): Promise<number> {
    const response = await this.fetch(path);
    await response.arrayBuffer();
    return response.status;
  }

  /** Waits until the service has its database and its broker. */
  async ready(): Promise<this> {
    await until(async () => (await this.status('/readyz')) === 200);
    return this;
  }

  /** The spans of one trace, once there are `count` of them. */
  trace(traceId: string, count: number): Promise<ReadableSpan[]> {
    return until(
      () => this.spans.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId),
      ({ length }) => length >= count,
    );
  }

  /** The log lines so far, parsed: those with one message, or all. */
  logged(message?: string): LogLine[] {
    const lines = this.lines.map((line) => JSON.parse(line) as LogLine);
    return message === undefined ? lines : lines.filter((line) => line.message === message);
  }

  close(): Promise<void> {
    return this.service.close();
  }
}
