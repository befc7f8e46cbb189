/** Attributes of the shop's spans that no convention has. */
export const ORDER_ID = 'sockshop.order.id';
export const ORDER_STATUS = 'sockshop.order.status';
export const SHIPMENT_ID = 'sockshop.shipment.id';
/** How often this message was delivered to a consumer before: 0 for the first time. */
export const MESSAGE_ATTEMPT = 'sockshop.message.attempt';
/** How long this message was with the broker since it was last sent. */
export const MESSAGE_WAITED_MS = 'sockshop.message.waited_ms';
/** Prefix of a span's events about a circuit breaker. */
export const CIRCUIT_BREAKER = 'sockshop.circuit_breaker';
/** Name of a bulkhead, and prefix of the event on a span that waited there. */
export const BULKHEAD = 'sockshop.bulkhead';
/** Method and template of a call, `GET /carts/{id}/items`. */
export const UPSTREAM_ROUTE = 'sockshop.upstream.route';
/** True on the span of a request that was answered from memory. */
export const CACHE_HIT = 'sockshop.cache.hit';
