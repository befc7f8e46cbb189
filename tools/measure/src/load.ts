/** What a right response is. */
export interface Expectation {
  readonly status: number;
  /** Of the whole body, in hex. */
  readonly sha256?: string;
  /** Texts that are in the body. */
  readonly contains?: readonly string[];
  /** The body is a JSON array of at least so many elements. */
  readonly elements?: number;
}

/**
 * A request. In texts `{connection}` is the connection's number, `{nth}` a number that no other iteration of the run has, and `{run}` a text
 * that no other driver has.
 */
export interface Step {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** Sent as HTTP's basic credentials. */
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly expect: Expectation;
}

/** A closed loop: each connection sends its next request when the response to the last one is read. */
export interface Load {
  readonly url: string;
  readonly connections: number;
  /** No iteration begins after it. Each connection makes at least one. */
  readonly seconds: number;
  /** At most about so many iterations, whatever the time. */
  readonly most?: number;
  /** Connections keep their cookies over all loads with this name. Without it they have none. */
  readonly session?: string;
  /** What each connection does once for its session, before the clock starts. */
  readonly setUp?: readonly Step[];
  /** Each iteration does the steps of the next variant. */
  readonly variants: readonly (readonly Step[])[];
}

export interface LoadResult {
  /** Iterations, the failed ones included. */
  readonly iterations: number;
  /** From the first to the end of the last iteration. */
  readonly seconds: number;
  /** How long iterations took, in ms. */
  readonly latency: Latency;
  /** How often each kind of failure occurred, such as `GET /catalogue: status 503`. Also those of the set-up. */
  readonly failures: Readonly<Record<string, number>>;
}

export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Exact: every value is kept. The value at a share is the smallest that so many do not exceed. */
export function latencyOf(values: Float64Array): Latency {
  const sorted = values.toSorted();
  const at = (share: number): number =>
    sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
