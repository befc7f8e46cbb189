import type { Span } from './span.ts';

/** What the rules ask of spans, under the names of today and of yesterday. */

/** Undefined where there is no such attribute, or an empty one. */
export function text({ attributes }: Span, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = attributes[name];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  }
  return undefined;
}

export function has({ attributes }: Span, ...names: readonly string[]): boolean {
  return names.some((name) => Object.hasOwn(attributes, name));
}

export function method(span: Span): string | undefined {
  return text(span, 'http.request.method', 'http.method');
}

/** The status of an HTTP response; undefined where there is none, or none that is a number. */
export function statusCode(span: Span): number | undefined {
  const code = Number(text(span, 'http.response.status_code', 'http.status_code'));
  return Number.isInteger(code) && code >= 100 && code <= 599 ? code : undefined;
}

const HTTP = [
  ...['http.request.method', 'http.method', 'http.response.status_code', 'http.status_code'],
  ...['http.route', 'url.path', 'url.full', 'http.url', 'http.target'],
];

const VERB = /^(?:get|head|post|put|delete|options|patch)(?: \/|$)/i;

/** By its attributes; a SERVER without any by its name. */
export function isHttp(span: Span): boolean {
  const isNamed = span.kind === 'SERVER' && VERB.test(span.name);
  return (has(span, ...HTTP) || isNamed) && !isDatabase(span) && !isMessaging(span) && !isRpc(span);
}

export function isDatabase(span: Span): boolean {
  return has(span, ...DATABASE);
}
const DATABASE = [
  'db.system.name',
  'db.system',
  'db.query.text',
  'db.statement',
  'db.operation.name',
];

export function isMessaging(span: Span): boolean {
  return has(span, ...MESSAGING);
}
const MESSAGING = [
  ...['messaging.system', 'messaging.system.name', 'messaging.operation.type'],
  ...['messaging.operation.name', 'messaging.operation', 'messaging.destination.name'],
  'messaging.destination',
];

export function isRpc(span: Span): boolean {
  return has(span, 'rpc.system.name', 'rpc.system', 'rpc.method', 'rpc.service');
}

/** `send`, `process`, `receive`, `settle` or `create`, from any of the names it had. */
export function messagingOperation(span: Span): string | undefined {
  const type = text(span, 'messaging.operation.type', 'messaging.operation');
  const given = type ?? text(span, 'messaging.operation.name');
  return given && (OPERATIONS[given.toLowerCase()] ?? given.toLowerCase());
}
const OPERATIONS: Readonly<Record<string, string>> = {
  ack: 'settle',
  deliver: 'process',
  nack: 'settle',
  publish: 'send',
};

/** What a call names as its other end, best first. */
export function remoteNames(span: Span): string[] {
  const names = [
    span.remote?.name,
    text(span, 'service.peer.name'),
    text(span, 'server.service.name'),
    text(span, 'peer.service'),
    text(span, 'server.address', 'net.peer.name'),
  ];
  return names.filter((name) => name !== undefined);
}

/** The path of a request as it was sent, without its query. */
export function path(span: Span): string | undefined {
  const given = text(span, 'url.path', 'http.path');
  if (given !== undefined) return given;
  const target = text(span, 'http.target', 'url.full', 'http.url');
  if (target === undefined) return undefined;
  return target.replace(/^[a-z][\w+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '') || '/';
}

export function end({ startUs, durationUs }: Span): number {
  return startUs + durationUs;
}

/** The caller went, by intention: no failure of anyone. */
export function isCancelled(span: Span): boolean {
  return text(span, 'error.type') === 'cancelled';
}

/** The caller gave up, was cancelled, or lost the connection: the callee may work longer, or not have got the call at all. */
export function gaveUp(span: Span): boolean {
  if (isCancelled(span)) return true;
  return span.status === 'ERROR' && (statusCode(span) === undefined || statusCode(span) === 499);
}

/** `service KIND name`, to name a kind of span in a cause. */
export function title({ service, kind, name }: Span): string {
  return `${service || '(no service)'} ${kind} \`${name}\``;
}

/** Names a call of which the SERVER span is missing. */
export function callWithoutServer({ span }: { readonly span: Span }, callee: string): string {
  return `${title(span)} to ${callee}`;
}

/** The load of a page, as OpenTelemetry's instrumentation of browsers names it: no name of HTTP, and files are INTERNAL. */
export function isPageLoad({ name }: Span): boolean {
  return /^(?:documentload|documentfetch|resourcefetch)$/i.test(name);
}
