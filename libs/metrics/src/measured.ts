/** A state set of OpenMetrics: one series a state, 1 for the present one, so sums over instances and routes have a meaning. */
export const CIRCUIT_STATES = ['closed', 'half_open', 'open'] as const;
export type CircuitState = (typeof CIRCUIT_STATES)[number];

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

export interface Bulkheads {
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
