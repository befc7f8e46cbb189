export type { UpstreamLog } from './circuit-breaker.ts';
export { Upstream, type UpstreamOptions, type UpstreamRequest } from './upstream.ts';
export { UpstreamError, type UpstreamFailure } from './upstream-error.ts';
export { UpstreamResponse } from './upstream-response.ts';
