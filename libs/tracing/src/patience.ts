/** How many milliseconds the caller still waits for the response. Envoy's name: its proxies send it, and a service mesh keeps it. */
export const PATIENCE_HEADER = 'x-envoy-expected-rq-timeout-ms';

/** The value of the header for a call that is given up in `remainingMs`. */
export function patienceHeader(remainingMs: number): string {
  return String(Math.max(1, Math.ceil(remainingMs)));
}

/** What the header of a request says; undefined without one that can be understood. */
export function patienceMs(headers: Readonly<Record<string, unknown>>): number | undefined {
  const value = headers[PATIENCE_HEADER];
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}
