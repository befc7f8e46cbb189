import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { JsonLog, type RunningService, startService } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { tracingConfig } from '@sockshop/tracing';
import { Documented, noting, until } from '@sockshop/testing';
import { ShippingConfig } from '../src/config.ts';
import { shipping } from '../src/shipping.module.ts';

/** The service on a free port, with what it traced and logged. */
export class RunningShipping {
  private constructor(
    private readonly service: RunningService,
    private readonly exporter: InMemorySpanExporter,
    readonly lines: string[],
    readonly documented: Documented,
    /** What the router has. */
    readonly routes: Set<string>,
  ) {}

  static async start(env: Record<string, string>): Promise<RunningShipping> {
    const exporter = new InMemorySpanExporter();
    const lines: string[] = [];
    const routes = new Set<string>();
    const service = await startService(
      noting(shipping(ShippingConfig.read({ PORT: '0', HOST: '127.0.0.1', ...env })), routes),
      await Telemetry.start('shipping', tracingConfig({}), exporter),
      new JsonLog('shipping', 'info', (line) => lines.push(line)),
    );
    return new RunningShipping(service, exporter, lines, await Documented.at(service.url), routes);
  }

  post(body: string, headers: Record<string, string> = {}): Promise<Response> {
    const all = { 'content-type': 'application/json', ...headers };
    return this.documented.fetch(`${this.service.url}/shipping`, {
      method: 'POST',
      headers: all,
      body,
    });
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return this.documented.fetch(`${this.service.url}${path}`, init);
  }

  /** Reads the body to its end: an unread one would hold its connection. */
  async status(path: string): Promise<number> {
    const response = await this.fetch(path);
    await response.arrayBuffer();
    return response.status;
  }

  /** Waits until the broker is there. */
  ready(): Promise<void> {
    return until(async () => (await this.status('/readyz')) === 200);
  }

  /** The spans of one trace, once there are as many. */
  async spans(traceId: string, count: number): Promise<ReadableSpan[]> {
    const found = (): ReadableSpan[] =>
      this.exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);
    await until(() => found().length >= count);
    return found();
  }

  close(): Promise<void> {
    return this.service.close();
  }
}
