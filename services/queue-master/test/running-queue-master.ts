import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { JsonLog, type RunningService, startService } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { tracingConfig } from '@sockshop/tracing';
import { Documented, noting, until } from '@sockshop/testing';
import { QueueMasterConfig } from '../src/config.ts';
import { queueMaster } from '../src/queue-master.module.ts';

export interface LogLine {
  level: string;
  message: string;
  [field: string]: unknown;
}

/** The service on a free port, with what it traced and logged. */
export class RunningQueueMaster {
  private constructor(
    private readonly service: RunningService,
    private readonly exporter: InMemorySpanExporter,
    readonly lines: LogLine[],
    readonly documented: Documented,
    /** What the router has. */
    readonly routes: Set<string>,
  ) {}

  static async start(env: Record<string, string>): Promise<RunningQueueMaster> {
    const exporter = new InMemorySpanExporter();
    const lines: LogLine[] = [];
    const own = { PORT: '0', HOST: '127.0.0.1', SHIPPING_DURATION_MS: '1' };
    const routes = new Set<string>();
    const service = await startService(
      noting(queueMaster(QueueMasterConfig.read({ ...own, ...env })), routes),
      await Telemetry.start('queue-master', tracingConfig({}), exporter),
      new JsonLog('queue-master', 'info', (line) => lines.push(JSON.parse(line) as LogLine)),
    );
    return new RunningQueueMaster(
      service,
      exporter,
      lines,
      await Documented.at(service.url),
      routes,
    );
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

  /** Ids of the shipments in log lines with this message, one per line. */
  logged(message: string): unknown[] {
    return this.lines
      .filter((line) => line.message === message)
      .map(({ shipmentId }) => shipmentId);
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
