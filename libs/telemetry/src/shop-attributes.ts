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
/** Events that end a wait: of a login for its turn to be checked, for an equal login that is being checked, and of a refusal that is held back. */
export const LOGIN_TURN = 'sockshop.login.turn';
export const LOGIN_JOINED = 'sockshop.login.joined';
export const LOGIN_HELD_BACK = 'sockshop.login.held_back';
/** Ends the wait of an order for the orders of its cart, or for the first request with its key. */
export const ORDER_TURN = 'sockshop.order.turn';
/** Method and template of a call, `GET /carts/{id}/items`. */
export const UPSTREAM_ROUTE = 'sockshop.upstream.route';
/** True on the span of a request that was answered from memory. */
export const CACHE_HIT = 'sockshop.cache.hit';
