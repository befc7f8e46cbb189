import { shop } from '@sockshop/telemetry';
import { semconv } from '@sockshop/tracing';

/** Of spans that browsers send: the path of a page (never its query), what was done there, and milliseconds of its load. */
export const BROWSER_TAGS = [
  'browser.page',
  'browser.action',
  'sockshop.page.ttfb_ms',
  'sockshop.page.dom_ms',
  'sockshop.page.fcp_ms',
  'sockshop.page.load_ms',
] as const;

/**
 * The tags that readers of a trace may see. The list names what is allowed, so a new attribute is hidden until it is added here. Not on
 * the list: addresses of clients, user agents, visits, and paths, queries and whole URLs, which hold ids of customers.
 */
const SHOWN: ReadonlySet<string> = new Set([
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'http.request.resend_count',
  'url.template',
  'url.scheme',
  'network.protocol.version',
  'db.system.name',
  'db.namespace',
  'db.collection.name',
  'db.operation.name',
  'db.query.summary',
  'db.query.text', // without values: those are bound apart
  'db.response.status_code',
  'messaging.system',
  'messaging.operation.name',
  'messaging.operation.type',
  'messaging.destination.name',
  'messaging.rabbitmq.destination.routing_key',
  'messaging.rabbitmq.message.delivery_tag',
  'messaging.message.id',
  'messaging.message.conversation_id',
  'service.version',
  'service.peer.name',
  'error.type',
  'otel.status_code',
  ...BROWSER_TAGS,
  semconv.ENDUSER_PSEUDO_ID,
  shop.CACHE_HIT,
  shop.ORDER_ID,
  shop.ORDER_STATUS,
  shop.SHIPMENT_ID,
  shop.MESSAGE_ATTEMPT,
]);

export function shownTags(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => SHOWN.has(name)));
}

/** Texts of errors may quote anything: one word is a kind of error, more is not shown. */
export function shownError(tags: Readonly<Record<string, string>>): string {
  return [tags['error'], tags['error.type']].find((text) => text && WORD.test(text)) ?? '';
}

/** An annotation's name, and of an exception its type: messages and stacks may quote anything. */
export function shownLog(value: string): string | undefined {
  if (WORD.test(value)) return value;
  const name = /^\{"([\w.]{1,60})":/.exec(value)?.[1];
  const type = /"exception\.type":"([\w.]{1,60})"/.exec(value)?.[1];
  return type === undefined ? name : `${name ?? 'exception'}: ${type}`;
}

const WORD = /^[\w.-]{1,60}$/;
