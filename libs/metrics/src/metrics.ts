import { Registry } from 'prom-client';
import { DB_BUCKETS, Durations, HTTP_BUCKETS } from './durations.ts';
import { ExemplarChoice, type ExemplarFilter, type SpanIds } from './exemplars.ts';
import { type Counts, Instruments, type MetricPoints } from './instruments.ts';
import {
  type Bulkheads,
  type Circuit,
  CIRCUIT_STATES,
  type CircuitState,
  type DbOperation,
  type HttpClientRequest,
  type HttpServerRequest,
  type MessagingOperation,
} from './measured.ts';
import { MessagingMetrics } from './messaging-metrics.ts';
import { OPEN_METRICS_TYPE, openMetrics, prefersOpenMetrics } from './open-metrics.ts';
import { processInstruments, processRegistry, watchProcess } from './runtime-metrics.ts';
import { showTarget } from './target-info.ts';

/**
 * A service's metrics in Prometheus form: OpenTelemetry's names with `.` as `_` and the unit appended, and beside them the original's
 * two request histograms, which its dashboards and alerts read.
 */
export class Metrics {
  readonly registry = new Registry();
  private readonly instruments = new Instruments(this.registry);
  private readonly exemplars: ExemplarChoice;
  private readonly httpServer: Durations;
  private readonly requestDuration: Durations;
  private readonly httpRequestDuration: Durations;
  private readonly httpClient: Durations;
  private readonly dbClient: Durations;
  private readonly messaging: MessagingMetrics;
  private readonly circuit = this.instruments.gauge({
    name: 'sockshop.circuit_breaker.state',
    unit: '',
    description:
      'State of the circuit breaker of a route of an upstream: 1 for the present state, 0 for the others',
    attributes: ['upstream', 'route', 'state'],
  });
  private readonly circuitTransitions = this.counter(
    'sockshop.circuit_breaker.transitions',
    '{transition}',
    'How often a circuit breaker came to this state',
    ['upstream', 'route', 'state'],
  );
  private readonly circuitRefused = this.counter(
    'sockshop.circuit_breaker.refused',
    '{call}',
    'Calls refused without being tried, as the circuit was open',
    ['upstream', 'route'],
  );
  private readonly upstreamRetries = this.counter(
    'sockshop.upstream.retries',
    '{attempt}',
    'Attempts after the first one of a call to another service',
    ['upstream', 'route'],
  );
  private readonly bulkheads: Bulkheads[] = [];
  private readonly bulkheadRefused = this.counter(
    'sockshop.bulkhead.refused',
    '{piece}',
    'Pieces of work that got no place in time',
    ['bulkhead'],
  );
  private readonly exported = {
    traces: this.exportCounter('span', 'Spans'),
    metrics: this.exportCounter('metric_data_point', 'Data points of metrics'),
    logs: this.exportCounter('log', 'Log records'),
  };

  /** `activeSpan` gives the span in which something is measured, for `exemplars`. */
  constructor(
    private readonly service: string,
    activeSpan: () => SpanIds | undefined = () => undefined,
    exemplars: ExemplarFilter = 'trace_based',
  ) {
    this.exemplars = new ExemplarChoice(exemplars, activeSpan);
    this.httpServer = this.histogram(
      'http.server.request.duration',
      'Duration of HTTP server requests',
      [
        'http.request.method',
        'http.route',
        'http.response.status_code',
        'url.scheme',
        'error.type',
      ],
    );
    this.requestDuration = this.legacy(
      'request_duration_seconds',
      "The original's name for the duration of HTTP server requests (deployed images)",
      'route',
    );
    this.httpRequestDuration = this.legacy(
      'http_request_duration_seconds',
      "The original's later name for the duration of HTTP server requests",
      'path',
    );
    this.httpClient = this.histogram(
      'http.client.request.duration',
      'Duration of HTTP client requests',
      [
        'http.request.method',
        'server.address',
        'server.port',
        'http.response.status_code',
        'error.type',
      ],
    );
    this.dbClient = this.histogram(
      'db.client.operation.duration',
      'Duration of database client operations',
      ['db.system.name', 'db.namespace', 'db.collection.name', 'db.operation.name', 'error.type'],
      DB_BUCKETS,
    );
    this.messaging = new MessagingMetrics(this.instruments, this.exemplars);
    this.showBulkheads();
  }

  /** `legacyRoute` is the route as the original's metric spelled it. `span`: of the request. */
  observeHttpServer(seconds: number, request: HttpServerRequest, span?: SpanIds): void {
    const { method, route, status, scheme, errorType, legacyRoute } = request;
    this.httpServer.observeFor(seconds, [method, route, status, scheme, errorType], span);
    const legacy = [this.service, method, status, legacyRoute];
    this.requestDuration.observeFor(seconds, legacy, span);
    this.httpRequestDuration.observeFor(seconds, legacy, span);
  }

  observeHttpClient(seconds: number, request: HttpClientRequest): void {
    const { method, address, port, status, errorType } = request;
    this.httpClient.observeFor(seconds, [method, address, port, status, errorType]);
  }

  observeDb(seconds: number, of: DbOperation): void {
    const { system, namespace, collection, operation, errorType } = of;
    this.dbClient.observeFor(seconds, [system, namespace, collection, operation, errorType]);
  }

  /** `waitedSeconds`: of a message that is processed, since it was handed to the broker. */
  observeMessaging(seconds: number, operation: MessagingOperation, waitedSeconds?: number): void {
    this.messaging.observe(seconds, operation, waitedSeconds);
  }

  /** Adds a closed circuit that has never opened. All its series exist from now on: a series that appears with a 1 hides the step from 0. */
  addCircuit({ upstream, route }: Circuit): void {
    for (const state of CIRCUIT_STATES) this.circuitTransitions.inc({ upstream, route, state }, 0);
    this.circuitRefused.inc({ upstream, route }, 0);
    this.upstreamRetries.inc({ upstream, route }, 0);
    this.showCircuit({ upstream, route }, 'closed');
  }

  observeCircuit({ upstream, route }: Circuit, state: CircuitState): void {
    this.circuitTransitions.inc({ upstream, route, state });
    this.showCircuit({ upstream, route }, state);
  }

  countRefused({ upstream, route }: Circuit): void {
    this.circuitRefused.inc({ upstream, route });
  }

  countRetry({ upstream, route }: Circuit): void {
    this.upstreamRetries.inc({ upstream, route });
  }

  /** `work` is asked when the metrics are read: counting each piece would cost each call. */
  addBulkhead(name: string, work: Bulkheads['work']): void {
    this.bulkheadRefused.inc({ bulkhead: name }, 0);
    this.bulkheads.push({ name, work });
  }

  countBulkheadRefused(bulkhead: string): void {
    this.bulkheadRefused.inc({ bulkhead });
  }

  /** A count of the service's own. Each of its attributes has few values. */
  counter(name: string, unit: string, description: string, attributes: string[] = []): Counts {
    return this.instruments.counter({ name, unit, description, attributes });
  }

  /** A figure of the service's own, asked for when the metrics are read. */
  gauge(name: string, unit: string, description: string, read: () => number): void {
    const of = { name, unit, description, attributes: [] };
    this.instruments.gauge(of, undefined, (gauge) => {
      gauge.set(read());
    });
  }

  /** Shows which service, release and instance this is, as OpenTelemetry's exporters for Prometheus do: versions are compared by it. */
  showTarget(resource: Readonly<Record<string, unknown>>): void {
    showTarget(this.registry, resource);
  }

  /** `items` of the signal were sent by an exporter or, with `errorType`, lost. */
  countExported(
    component: string,
    items: number,
    errorType: string | undefined,
    signal: 'traces' | 'metrics' | 'logs' = 'traces',
  ): void {
    const exported = { otel_component_name: component, error_type: errorType };
    this.exported[signal].inc(exported, items);
  }

  /** Prometheus' text of this service and its process. */
  async text(): Promise<string> {
    watchProcess();
    return `${await this.registry.metrics()}\n${await processRegistry.metrics()}`;
  }

  /** The text and its media type: OpenMetrics, which has exemplars, for an `accept` that prefers it. */
  async answer(accept = ''): Promise<{ text: string; contentType: string }> {
    if (!prefersOpenMetrics(accept)) {
      return { text: await this.text(), contentType: this.registry.contentType };
    }
    watchProcess();
    const text = await openMetrics([this.registry, processRegistry]);
    return { text, contentType: OPEN_METRICS_TYPE };
  }

  /** The metrics of this service and its process under OpenTelemetry's names. */
  async points(): Promise<MetricPoints[]> {
    watchProcess();
    return [...(await this.instruments.points()), ...(await processInstruments.points())];
  }

  private showCircuit({ upstream, route }: Circuit, present: CircuitState): void {
    for (const state of CIRCUIT_STATES) {
      this.circuit.set({ upstream, route, state }, state === present ? 1 : 0);
    }
  }

  /** Bulkheads of the same name are shown as one. */
  private showBulkheads(): void {
    const { bulkheads } = this;
    this.instruments.gauge(
      {
        name: 'sockshop.bulkhead.work',
        unit: '{piece}',
        description: 'Pieces of work that a bulkhead lets run now, and those that wait for a place',
        attributes: ['bulkhead', 'state'],
      },
      '',
      (gauge) => {
        gauge.reset();
        for (const { name: bulkhead, work } of bulkheads) {
          const { running, waiting } = work();
          gauge.inc({ bulkhead, state: 'running' }, running);
          gauge.inc({ bulkhead, state: 'waiting' }, waiting);
        }
      },
    );
  }

  private histogram(
    name: string,
    description: string,
    attributes: string[],
    buckets = HTTP_BUCKETS,
  ): Durations {
    const of = { name, unit: 's', description, attributes };
    return this.instruments.histogram(of, buckets, this.exemplars);
  }

  /** For the original's dashboards; OpenTelemetry has it under another name. */
  private legacy(name: string, help: string, route: string): Durations {
    return new Durations({
      name,
      help,
      labelNames: ['service', 'method', 'status_code', route],
      buckets: HTTP_BUCKETS,
      registers: [this.registry],
      exemplars: this.exemplars,
    });
  }

  private exportCounter(item: string, items: string): Counts {
    return this.counter(
      `otel.sdk.exporter.${item}.exported`,
      `{${item}}`,
      `${items} sent by an exporter; with error_type: lost on the way to it or by it`,
      ['otel.component.name', 'error.type'],
    );
  }
}
