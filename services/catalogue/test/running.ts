import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { JsonLog, type RunningService, startService } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { tracingConfig } from '@sockshop/tracing';
import { Documented, noting } from '@sockshop/testing';
import { catalogue } from '../src/catalogue.module.ts';
import { CatalogueConfig } from '../src/config.ts';

/** The service on a free port, with what it traced and logged. */
export class Running {
  private constructor(
    private readonly service: RunningService,
    readonly spans: InMemorySpanExporter,
    readonly lines: string[],
    readonly documented: Documented,
    /** What the router has. */
    readonly routes: Set<string>,
  ) {}

  static async start(env: Record<string, string>): Promise<Running> {
    const spans = new InMemorySpanExporter();
    const lines: string[] = [];
    const routes = new Set<string>();
    const service = await startService(
      noting(catalogue(CatalogueConfig.read({ PORT: '0', HOST: '127.0.0.1', ...env })), routes),
      await Telemetry.start('catalogue', tracingConfig({}), spans),
      new JsonLog('catalogue', 'info', (line) => lines.push(line)),
    );
    return new Running(service, spans, lines, await Documented.at(service.url), routes);
  }

  /** Started and connected. */
  static async connected(env: Record<string, string>): Promise<Running> {
    const running = await Running.start(env);
    await running.ready();
    return running;
  }

  get port(): number {
    return this.service.port;
  }

  get(path: string, init?: RequestInit): Promise<Response> {
    return this.documented.fetch(`${this.service.url}${path}`, init);
  }

  async json(path: string): Promise<unknown> {
    return (await this.get(path)).json();
  }

  /** Reads the body to its end: an unread one would hold its connection. */
  async status(path: string): Promise<number> {
    const response = await this.get(path);
    await response.arrayBuffer();
    return response.status;
  }

  /** Waits until the service can serve. */
  async ready(): Promise<void> {
    while ((await this.status('/readyz')) !== 200) await new Promise(setImmediate);
  }

  close(): Promise<void> {
    return this.service.close();
  }
}
