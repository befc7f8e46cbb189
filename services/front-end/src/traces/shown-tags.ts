import { shop } from '@sockshop/telemetry';
import { semconv } from '@sockshop/tracing';

/** Of spans that browsers send: the path of a page or of one of its files (never a query), and what the shopper did. */
export const BROWSER_PATH = 'sockshop.browser.path';
export const BROWSER_TAGS = [BROWSER_PATH, 'sockshop.browser.action'] as const;

/**
 * The tags that readers of a trace may see. The list names what is allowed, so a new attribute is hidden until it is added here. Not on
 * the list: addresses of clients, user agents, visits, and paths, queries and whole URLs, which hold ids of customers.
 */
const SHOWN: ReadonlySet<string> = new Set([
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'http.request.resend_count',
  'http.response.body.size',
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

/**
 * An annotation's name, of an exception its type, and of a web vital its figure: messages and stacks of exceptions may quote anything.
 */
export function shownLog(value: string): string | undefined {
  if (WORD.test(value)) return value;
  const name = /^\{"([\w.]{1,60})":/.exec(value)?.[1];
  const type = /"exception\.type":"([\w.]{1,60})"/.exec(value)?.[1];
  if (type !== undefined) return `${name ?? 'exception'}: ${type}`;
  const vital = /"browser\.web_vital\.name":"(\w{1,20})"/.exec(value)?.[1];
  const figure = /"browser\.web_vital\.value":([\d.e-]{1,25})[,}]/.exec(value)?.[1];
  if (vital === undefined || figure === undefined) return name;
  const unit = vital === 'cls' ? '' : ' ms'; // a layout shift is a share of the screen
  return `${name ?? 'web vital'}: ${vital} ${Number(Number(figure).toPrecision(3))}${unit}`;
}

const WORD = /^[\w.-]{1,60}$/;
