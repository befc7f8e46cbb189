import type { Data } from './data.ts';
import { isCancelled, isHttp, statusCode, text, title } from './facts.ts';
import type { Findings } from './finding.ts';
import type { Node } from './forest.ts';
import { hasId } from './ids-in-text.ts';
import type { Span } from './span.ts';

/** Whether each span says truly whether it failed, and why. */
export function checkStatus(data: Data, found: Findings): void {
  for (const trace of data.traces)
    for (const node of trace.nodes) {
      zipkinTags(node, found);
      code(node, found);
      errorType(node, found);
      exceptions(node, found);
      if (node.span.status === 'OK' && node.span.kind !== 'INTERNAL')
        found.add('T23', title(node.span), node);
      cause(node, found);
    }
}

/** Zipkin counts errors by the tag `error`, whatever its value. */
function zipkinTags(node: Node, found: Findings): void {
  const { form, attributes, service } = node.span;
  if (form !== 'zipkin') return;
  const { error, 'otel.status_code': status } = attributes;
  const has = Object.hasOwn(attributes, 'error');
  if (error === 'false' || error === false || error === '0')
    found.add('T44c', `spans of ${service}`, node);
  else if (has && status !== 'ERROR' && isOfOpenTelemetry(node.span))
    found.add('T44a', `spans of ${service}`, node);
  else if (!has && status === 'ERROR') found.add('T44b', `spans of ${service}`, node);
}

/** Zipkin's own libraries write no status. */
function isOfOpenTelemetry({ attributes }: Span): boolean {
  return Object.keys(attributes).some(
    (name) =>
      name.startsWith('otel.') ||
      name === 'http.request.method' ||
      name === 'error.type' ||
      name === 'db.system.name',
  );
}

function code(node: Node, found: Findings): void {
  const { span } = node;
  if (span.kind !== 'SERVER' && span.kind !== 'CLIENT') return;
  const failed = span.status === 'ERROR';
  if (isCancelled(span)) {
    if (failed) found.add('T04f', title(span), node);
    return;
  }
  const outcome = text(span, 'rpc.response.status_code', 'rpc.status_code', 'rpc.grpc.status_code');
  if (span.kind === 'CLIENT' && !failed && outcome !== undefined && !/^(?:0|ok)$/i.test(outcome))
    found.add('T04c', `${title(span)}: ${outcome.slice(0, 40)}`, node);
  const status = statusCode(span);
  if (status === undefined || !isHttp(span)) return;
  const what = `${title(span)}: ${status}`;
  if (status >= 500) {
    if (!failed) found.add('T04b', what, node);
  } else if (status >= 400) {
    const wrong = text(span, 'error.type');
    const isOwnFailure = wrong !== undefined && wrong !== String(status);
    if (span.kind === 'SERVER' && failed && !isOwnFailure) found.add('T04a', what, node);
    if (span.kind === 'CLIENT' && !failed) found.add('T04c', what, node);
  } else if (
    failed &&
    (text(span, 'error.type') ?? String(status)) === String(status) &&
    !span.statusMessage &&
    !hasException(span)
  )
    found.add('T04e', what, node);
  if (failed && span.statusMessage !== undefined && repeatsCode(span.statusMessage, status))
    found.add('T04d', what, node);
}

function repeatsCode(message: string, status: number): boolean {
  const rest = message
    .slice(0, 200)
    .toLowerCase()
    .replace(/^(?:(?:http(?:\/[\d.]+)?|response|status|code|error)[ :=]*)+/, '')
    .trim();
  const reason = rest.replace(new RegExp(`^${status}[ :]*`), '');
  return reason === '' || reason === REASONS[status];
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'bad request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not found',
  405: 'method not allowed',
  406: 'not acceptable',
  409: 'conflict',
  429: 'too many requests',
  500: 'internal server error',
  501: 'not implemented',
  502: 'bad gateway',
  503: 'service unavailable',
  504: 'gateway timeout',
};

function errorType(node: Node, found: Findings): void {
  const { span } = node;
  const type = text(span, 'error.type');
  const status = statusCode(span);
  if (type === undefined) {
    if (span.status === 'ERROR' && !isDoubtful(node)) found.add('T05a', title(span), node);
    return;
  }
  if (span.status !== 'ERROR' && !isCancelled(span)) found.add('T05b', title(span), node);
  const isCode = /^\d{3}$/.test(type);
  if (type.length > 100 || /\s/.test(type.trim()) || (!isCode && hasId(type)))
    found.add('T05c', `${title(span)}: its error.type is a text`, node);
  else if (isCode && status !== undefined && Number(type) !== status && isHttp(span))
    found.add('T05c', `${title(span)}: ${status}, its error.type says ${type}`, node);
}

/** Zipkin's tag marks no failure, or nothing else does: these have rules of their own. */
function isDoubtful({ span }: Node): boolean {
  return span.form === 'zipkin' && span.attributes['otel.status_code'] !== 'ERROR';
}

function hasException(span: Span): boolean {
  return span.events.some(({ name }) => name === 'exception');
}

function exceptions(node: Node, found: Findings): void {
  const { span } = node;
  const own = new Set<string>();
  for (const { name, attributes } of span.events) {
    if (name === 'feature_flag') found.add('T25', title(span), node);
    if (name !== 'exception') continue;
    const key = JSON.stringify([attributes['exception.type'], attributes['exception.message']]);
    if (key === '[null,null]') {
      if (span.form === 'otlp' || Object.keys(attributes).length > 0)
        found.add('T22', title(span), node);
      continue;
    }
    if (own.has(key)) found.add('T21', `${title(span)}: twice on one span`, node);
    else if (isAbove(key, node)) found.add('T21', `${title(span)}: again on a span above it`, node);
    own.add(key);
  }
}

/** How far up is looked. */
const MOST_LEVELS = 20;

function isAbove(key: string, { parent, span }: Node): boolean {
  let at = parent;
  for (let level = 0; at && level < MOST_LEVELS; level++, at = at.parent) {
    if (at.span.service !== span.service) return false;
    for (const { name, attributes } of at.span.events)
      if (name === 'exception')
        if (JSON.stringify([attributes['exception.type'], attributes['exception.message']]) === key)
          return true;
  }
  return false;
}

/** The deepest failed span of a request tells more than its code. */
function cause(node: Node, found: Findings): void {
  const { span, children } = node;
  if (span.status !== 'ERROR' || span.kind === 'CLIENT' || span.kind === 'PRODUCER') return;
  if (children.some((child) => child.span.status === 'ERROR') || hasException(span)) return;
  const type = text(span, 'error.type');
  if (type === undefined || span.statusMessage !== undefined) return;
  const status = statusCode(span);
  if (type === String(status) ? (status ?? 0) >= 500 : type === '_OTHER')
    found.add('T54a', title(span), node);
}
