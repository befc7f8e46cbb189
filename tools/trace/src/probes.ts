import { path, text } from './facts.ts';
import type { Span } from './span.ts';

const PROBE =
  /^\/(?:.*\/)?(?:health|healthz|healthcheck|health-check|livez|readyz|live|ready|liveness|readiness|ping|heartbeat|metrics|prometheus|favicon\.ico|robots\.txt)\/?$|\/actuator\/|^\/health\//i;
const FILE = /\.(?:js|mjs|css|map|png|jpe?g|gif|svg|ico|webp|woff2?|ttf)$/i;
const EXPORT =
  /\/api\/v[12]\/spans$|\/v1\/(?:traces|metrics|logs)$|^\/api\/traces$|opentelemetry\.proto\.collector|^\/v1development\/profiles$/i;

export function isProbe(span: Span): boolean {
  return [path(span), text(span, 'http.route')].some((it) => it !== undefined && PROBE.test(it));
}

/** A request for a file that has no route of its own: one with a template was made for it. */
export function isStaticFile(span: Span): boolean {
  const route = text(span, 'http.route');
  const requested = path(span);
  if (requested === undefined || !FILE.test(requested)) return false;
  return route === undefined || route.endsWith('*') || FILE.test(route);
}

/** The sending of telemetry to a collector. */
export function isExport(span: Span): boolean {
  const places = [path(span), text(span, 'rpc.service'), text(span, 'rpc.method'), span.name];
  return places.some((it) => it !== undefined && EXPORT.test(it.replace(/^[a-z]+ /i, '')));
}
