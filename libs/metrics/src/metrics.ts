import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Figures of the process (CPU, memory, event loop, GC). The services of a process share one registry. */
const processRegistry = new Registry();

/** Seconds; OpenTelemetry's advice for HTTP, which is also what the original's Go services and front-end used. */
const HTTP_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** Seconds; OpenTelemetry's advice for databases. */
const DB_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** A state set of OpenMetrics: one series a state, 1 for the present one, so sums over instances and routes have a meaning. */
const CIRCUIT_STATES = ['closed', 'half_open', 'open'] as const;
export type CircuitState = (typeof CIRCUIT_STATES)[number];

type Labels = Record<string, string | number>;

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
    ['service', 'method', 'route', 'status_code'],
  );
  private readonly httpRequestDuration = this.histogram(
    'http_request_duration_seconds',
    "The original's later name for the duration of HTTP server requests",
    ['service', 'method', 'path', 'status_code'],
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
  private readonly bulkhead = new Gauge({
    name: 'sockshop_bulkhead_work',
    help: 'Pieces of work that a bulkhead lets run now, and those that wait for a place',
    labelNames: ['bulkhead', 'state'],
    registers: [this.registry],
  });
  private readonly bulkheadRefused = this.counter(
    'sockshop_bulkhead_refused_total',
    'Pieces of work that got no place in time',
    ['bulkhead'],
  );
  private readonly exported = this.counter(
    'otel_sdk_exporter_span_exported_total',
    'Spans sent by an exporter; with error_type: lost on the way to it or by it',
    ['otel_component_name', 'error_type'],
  );

  constructor(private readonly service: string) {}

  /** `legacyRoute` is the route as the original's metric spelled it. */
  observeHttpServer(seconds: number, request: HttpServerRequest): void {
    const { method, route, status, scheme, errorType, legacyRoute } = request;
    this.httpServer.observe(
      labels({
        http_request_method: method,
        http_route: route,
        http_response_status_code: status,
        url_scheme: scheme,
        error_type: errorType,
      }),
      seconds,
    );
    const legacy = { service: this.service, method, status_code: status };
    this.requestDuration.observe({ ...legacy, route: legacyRoute }, seconds);
    this.httpRequestDuration.observe({ ...legacy, path: legacyRoute }, seconds);
  }

  observeHttpClient(seconds: number, request: HttpClientRequest): void {
    this.httpClient.observe(
      labels({
        http_request_method: request.method,
        server_address: request.address,
        server_port: request.port,
        http_response_status_code: request.status,
        error_type: request.errorType,
      }),
      seconds,
    );
  }

  observeDb(seconds: number, operation: DbOperation): void {
    this.dbClient.observe(
      labels({
        db_system_name: operation.system,
        db_namespace: operation.namespace,
        db_collection_name: operation.collection,
        db_operation_name: operation.operation,
        error_type: operation.errorType,
      }),
      seconds,
    );
  }

  observeMessaging(seconds: number, operation: MessagingOperation): void {
    const name = operation.operation;
    const target = name === 'process' ? this.messagingProcess : this.messagingClient;
    const common = {
      messaging_system: operation.system,
      messaging_destination_name: operation.destination,
      error_type: operation.errorType,
    };
    target.observe(labels({ ...common, messaging_operation_name: name }), seconds);
    if (name === 'publish') this.sent.inc(labels(common));
    if (name === 'process') this.consumed.inc(labels(common));
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

  addBulkhead(bulkhead: string): void {
    this.bulkheadRefused.inc({ bulkhead }, 0);
    this.observeBulkhead(bulkhead, 'running', 0);
    this.observeBulkhead(bulkhead, 'waiting', 0);
  }

  /** Adds `change` pieces of work; a negative number removes them. */
  observeBulkhead(bulkhead: string, state: 'running' | 'waiting', change: number): void {
    this.bulkhead.inc({ bulkhead, state }, change);
  }

  countBulkheadRefused(bulkhead: string): void {
    this.bulkheadRefused.inc({ bulkhead });
  }

  countExported(component: string, spans: number, errorType: string | undefined): void {
    this.exported.inc(labels({ otel_component_name: component, error_type: errorType }), spans);
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

  private histogram(
    name: string,
    help: string,
    labelNames: string[],
    buckets = HTTP_BUCKETS,
  ): Histogram {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
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
  operation: 'publish' | 'process' | 'ack' | 'nack';
  destination: string;
  errorType: string | undefined;
}

/** A label that does not apply is left out, as OpenTelemetry does with attributes. */
function labels(all: Record<string, string | number | undefined>): Labels {
  const result: Labels = {};
  for (const [name, value] of Object.entries(all)) if (value !== undefined) result[name] = value;
  return result;
}
