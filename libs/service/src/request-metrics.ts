import type { Telemetry } from '@sockshop/telemetry';
import type { EndedRequest } from '@sockshop/tracing/fastify';

/** Takes the metrics of a request when it is over. `legacyRoute` spells the route as the original's metrics do. */
export function requestMetrics(
  { metrics }: Telemetry,
  legacyRoute: (route: string) => string = (route) => route,
): (request: EndedRequest) => void {
  /** By template. */
  const legacy = new Map<string, string>();
  return ({ method, route, status, scheme, errorType, seconds, span }) => {
    let spelled = route === undefined ? 'unmatched' : legacy.get(route);
    if (spelled === undefined && route !== undefined) {
      spelled = legacyRoute(route);
      legacy.set(route, spelled);
    }
    const legacyName = spelled ?? 'unmatched';
    const request = { method, route, status, scheme, errorType, legacyRoute: legacyName };
    metrics.observeHttpServer(seconds, request, span?.spanContext());
  };
}
