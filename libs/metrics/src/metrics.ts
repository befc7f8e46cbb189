import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { Durations } from './durations.ts';

/** Figures of the process (CPU, memory, event loop, GC). The services of a process share one registry. */
const processRegistry = new Registry();

/** Seconds; OpenTelemetry's advice for HTTP, which is also what the original's Go services and front-end used. */
const HTTP_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** Seconds; OpenTelemetry's advice for databases. */
const DB_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** A state set of OpenMetrics: one series a state, 1 for the present one, so sums over instances and routes have a meaning. */
const CIRCUIT_STATES = ['closed', 'half_open', 'open'] as const;
export type CircuitState = (typeof CIRCUIT_STATES)[number];

/**
 * A service's metrics in Prometheus form: OpenTelemetry's names with `.` as `_` and the unit appended, and beside them the original's
 * two request histograms, which its dashboards and alerts read.
 */
export class Metrics {
  readonly registry = new Registry();
  private readonly httpServer = this.histogram(
    'http_server_request_duration_seconds',
    'Duration of HTTP server requests',
    ['http_request_method', 'http_route', 'http_response_status_code', 'url_scheme', 'error_type'],
  );
  private readonly requestDuration = this.histogram(
    'request_duration_seconds',
    "The original's name for the duration of HTTP server requests (deployed images)",
    ['service', 'method', 'status_code', 'route'],
  );
  private readonly httpRequestDuration = this.histogram(
    'http_request_duration_seconds',
    "The original's later name for the duration of HTTP server requests",
    ['service', 'method', 'status_code', 'path'],
  );
  private readonly httpClient = this.histogram(
    'http_client_request_duration_seconds',
    'Duration of HTTP client requests',
    [
      'http_request_method',
      'server_address',
      'server_port',
      'http_response_status_code',
      'error_type',
    ],
  );
  private readonly dbClient = this.histogram(
    'db_client_operation_duration_seconds',
    'Duration of database client operations',
    ['db_system_name', 'db_namespace', 'db_collection_name', 'db_operation_name', 'error_type'],
    DB_BUCKETS,
  );
  private readonly messagingClient = this.histogram(
    'messaging_client_operation_duration_seconds',
    'Duration of messaging operations: publish, settle',
    ['messaging_system', 'messaging_operation_name', 'messaging_destination_name', 'error_type'],
  );
  private readonly messagingProcess = this.histogram(
    'messaging_process_duration_seconds',
    'Duration of processing a message',
    ['messaging_system', 'messaging_operation_name', 'messaging_destination_name', 'error_type'],
  );
  private readonly sent = this.counter(
    'messaging_client_sent_messages_total',
    'Messages handed to the broker',
    ['messaging_system', 'messaging_destination_name', 'error_type'],
  );
  private readonly consumed = this.counter(
    'messaging_client_consumed_messages_total',
    'Messages delivered to a consumer',
    ['messaging_system', 'messaging_destination_name', 'error_type'],
  );
  private readonly circuit = new Gauge({
    name: 'sockshop_circuit_breaker_state',
    help: 'State of the circuit breaker of a route of an upstream: 1 for the present state, 0 for the others',
    labelNames: ['upstream', 'route', 'state'],
    registers: [this.registry],
  });
  private readonly circuitTransitions = this.counter(
    'sockshop_circuit_breaker_transitions_total',
    'How often a circuit breaker came to this state',
    ['upstream', 'route', 'state'],
  );
  private readonly circuitRefused = this.counter(
    'sockshop_circuit_breaker_refused_total',
    'Calls refused without being tried, as the circuit was open',
    ['upstream', 'route'],
  );
  private readonly upstreamRetries = this.counter(
    'sockshop_upstream_retries_total',
    'Attempts after the first one of a call to another service',
    ['upstream', 'route'],
  );
  private readonly bulkheads: Bulkheads[] = [];
  private readonly bulkheadRefused = this.counter(
    'sockshop_bulkhead_refused_total',
    'Pieces of work that got no place in time',
    ['bulkhead'],
  );
  private readonly exported = {
    traces: this.exportCounter('span', 'Spans'),
    metrics: this.exportCounter('metric_data_point', 'Data points of metrics'),
    logs: this.exportCounter('log', 'Log records'),
  };

  constructor(private readonly service: string) {
    this.showBulkheads();
  }

  /** `legacyRoute` is the route as the original's metric spelled it. */
  observeHttpServer(seconds: number, request: HttpServerRequest): void {
    const { method, route, status, scheme, errorType, legacyRoute } = request;
    this.httpServer.observeFor(seconds, [method, route, status, scheme, errorType]);
    const legacy = [this.service, method, status, legacyRoute];
    this.requestDuration.observeFor(seconds, legacy);
    this.httpRequestDuration.observeFor(seconds, legacy);
  }

  observeHttpClient(seconds: number, request: HttpClientRequest): void {
    const { method, address, port, status, errorType } = request;
    this.httpClient.observeFor(seconds, [method, address, port, status, errorType]);
  }

  observeDb(seconds: number, of: DbOperation): void {
    const { system, namespace, collection, operation, errorType } = of;
    this.dbClient.observeFor(seconds, [system, namespace, collection, operation, errorType]);
  }

  observeMessaging(seconds: number, operation: MessagingOperation): void {
    const { operation: name, system, destination, errorType } = operation;
    const target = name === 'process' ? this.messagingProcess : this.messagingClient;
    target.observeFor(seconds, [system, name, destination, errorType]);
    const counter = name === 'publish' ? this.sent : name === 'process' ? this.consumed : undefined;
    counter?.inc(
      labels({
        messaging_system: system,
        messaging_destination_name: destination,
        error_type: errorType,
      }),
    );
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

  /** `items` of the signal were sent by an exporter or, with `errorType`, lost. */
  countExported(
    component: string,
    items: number,
    errorType: string | undefined,
    signal: 'traces' | 'metrics' | 'logs' = 'traces',
  ): void {
    const exported = labels({ otel_component_name: component, error_type: errorType });
    this.exported[signal].inc(exported, items);
  }

  /** The Prometheus text of this service and its process. */
  async text(): Promise<string> {
    if (processRegistry.getMetricsAsArray().length === 0) {
      collectDefaultMetrics({ register: processRegistry });
    }
    return `${await this.registry.metrics()}\n${await processRegistry.metrics()}`;
  }

  /** The media type of `text()`. */
  get contentType(): string {
    return this.registry.contentType;
  }

  private showCircuit({ upstream, route }: Circuit, present: CircuitState): void {
    for (const state of CIRCUIT_STATES) {
      this.circuit.set({ upstream, route, state }, state === present ? 1 : 0);
    }
  }

  /** Bulkheads of the same name are shown as one. */
  private showBulkheads(): void {
    const { bulkheads } = this;
    new Gauge({
      name: 'sockshop_bulkhead_work',
      help: 'Pieces of work that a bulkhead lets run now, and those that wait for a place',
      labelNames: ['bulkhead', 'state'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { name: bulkhead, work } of bulkheads) {
          const { running, waiting } = work();
          this.inc({ bulkhead, state: 'running' }, running);
          this.inc({ bulkhead, state: 'waiting' }, waiting);
        }
      },
    });
  }

  private histogram(
    name: string,
    help: string,
    labelNames: string[],
    buckets = HTTP_BUCKETS,
  ): Durations {
    return new Durations({ name, help, labelNames, buckets, registers: [this.registry] });
  }

  private exportCounter(item: string, items: string): Counter {
    return this.counter(
      `otel_sdk_exporter_${item}_exported_total`,
      `${items} sent by an exporter; with error_type: lost on the way to it or by it`,
      ['otel_component_name', 'error_type'],
    );
  }

  private counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
}

export interface HttpServerRequest {
  method: string;
  /** Template; undefined when no route matched. */
  route: string | undefined;
  status: number;
  scheme: string;
  errorType: string | undefined;
  legacyRoute: string;
}

export interface HttpClientRequest {
  method: string;
  address: string;
  port: number;
  status: number | undefined;
  errorType: string | undefined;
}

interface Bulkheads {
  readonly name: string;
  /** How many pieces of work run, and how many wait, at this moment. */
  readonly work: () => { readonly running: number; readonly waiting: number };
}

/** What a circuit breaker guards. */
export interface Circuit {
  readonly upstream: string;
  /** Method and template, `GET /carts/{id}/items`. */
  readonly route: string;
}

export interface DbOperation {
  system: string;
  namespace: string | undefined;
  collection: string | undefined;
  operation: string;
  errorType: string | undefined;
}

export interface MessagingOperation {
  system: string;
  operation: 'publish' | 'receive' | 'process' | 'ack' | 'nack' | 'reject';
  destination: string;
  errorType: string | undefined;
}

/** A label that does not apply is left out, as OpenTelemetry does with attributes. */
function labels(all: Record<string, string | undefined>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) if (value !== undefined) result[name] = value;
  return result;
}
