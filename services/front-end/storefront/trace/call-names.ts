/** Names of few values for what a page asks the shop: ids never get into them. */

/** Second parts of paths that are words of the shop; anything else there is an id. */
const words = new Set(['size', 'summary', 'update']);

/** `/catalogue/03fe…?x=y` → `/catalogue/{id}`. */
export function templateOf(path: string): string {
  const [route = ''] = path.split('?');
  const parts = route.split('/').slice(1);
  return parts.map((part, index) => `/${index === 0 || words.has(part) ? part : '{id}'}`).join('');
}

const actions: Record<string, string> = {
  'POST /cart': 'add to cart',
  'POST /cart/update': 'update cart',
  'DELETE /cart/{id}': 'remove from cart',
  'GET /login': 'log in',
  'POST /register': 'register',
  'POST /logout': 'log out',
  'POST /addresses': 'add address',
  'POST /cards': 'add card',
  'DELETE /addresses/{id}': 'delete address',
  'DELETE /cards/{id}': 'delete card',
  'POST /orders': 'place order',
};

/** What the shopper did, where a call tells it: all the rest is what pages ask for by themselves. */
export function actionOf(method: string, template: string): string | undefined {
  return actions[`${method} ${template}`];
}

/** The W3C header `traceparent`. */
export interface TraceParent {
  traceId: string;
  spanId: string;
  sampled: boolean;
}

export function parseTraceParent(header: string): TraceParent | undefined {
  const match = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/.exec(header);
  const [, traceId = '', spanId = '', flags = ''] = match ?? [];
  if (!match || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (parseInt(flags, 16) & 1) === 1 };
}

export function traceParentText({ traceId, spanId, sampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-0${sampled ? 1 : 0}`;
}
