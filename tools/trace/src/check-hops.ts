import type { Data } from './data.ts';
import {
  callWithoutServer,
  isCancelled,
  isDatabase,
  isHttp,
  isMessaging,
  isPageLoad,
  isRpc,
  messagingOperation,
  method,
  path,
  remoteNames,
  statusCode,
  text,
  title,
} from './facts.ts';
import type { Findings } from './finding.ts';
import type { Node } from './forest.ts';

/** Whether each call is one CLIENT and one SERVER span. */
export function checkHops(data: Data, found: Findings): void {
  const partly = partlyRecorded(data);
  for (const trace of data.traces)
    for (const node of trace.nodes) {
      const { kind } = node.span;
      if (kind === 'CLIENT') client(node, data, partly, found);
      else if (kind === 'SERVER') server(node, found);
      else if (kind !== 'INTERNAL') wrapped(node, found);
      if (node.parent) entry(node, node.parent, data, found);
      fits(node, found);
    }
}

function client(node: Node, data: Data, partly: ReadonlySet<string>, found: Findings): void {
  const { span, children } = node;
  const servers = children.filter((child) => child.span.kind === 'SERVER');
  const [first, ...more] = servers;
  for (const extra of more) found.add('T07b', `${title(span)}: also ${title(extra.span)}`, extra);
  if (first) pair(node, first, data, found);
  else unserved(node, data, partly, found);
  wrapped(node, found);
  attempts(node, found);
}

function unserved(node: Node, data: Data, partly: ReadonlySet<string>, found: Findings): void {
  const callee = data.unserved.get(node);
  if (callee === undefined) return;
  const edge = `${node.span.service} -> ${callee}`;
  const lost = data.lost.get(node);
  if (lost) found.add('T30', `${edge}: ${title(lost.span)} begins a trace of its own`, node);
  else if (partly.has(edge)) found.add('T33a', edge, node);
  else if (!hasOrphanOf(callee, node)) found.add('T07a', callWithoutServer(node, callee), node);
}

/** Then the SERVER span itself is missing, which is reported for its child. */
function hasOrphanOf(service: string, { trace }: Node): boolean {
  return trace.orphaned.has(service);
}

/** A smaller part is lost, say with a process that was killed. */
const FEW = 0.1;

/** Edges of which a good part is recorded and a good part is not. */
function partlyRecorded({ unserved, served, lost }: Data): Set<string> {
  const counts = new Map<string, number>();
  for (const [node, callee] of unserved) {
    if (lost.has(node) || hasOrphanOf(callee, node)) continue;
    const edge = `${node.span.service} -> ${callee}`;
    counts.set(edge, (counts.get(edge) ?? 0) + 1);
  }
  const isPart = ([edge, without]: readonly [string, number]): boolean => {
    const all = without + (served.get(edge) ?? 0);
    return without >= 3 && without < all && without >= FEW * all;
  };
  return new Set([...counts].filter(isPart).map(([edge]) => edge));
}

function pair(client: Node, server: Node, data: Data, found: Findings): void {
  const [sent, received] = [client.span, server.span];
  const [name] = remoteNames(sent);
  if (name !== undefined && name !== received.service && data.serving.has(name))
    found.add('T07f', `${title(sent)} names ${name}, served by ${received.service}`, client);
  const [asked, answered] = [method(sent), method(received)];
  if (asked && answered && asked.toUpperCase() !== answered.toUpperCase())
    found.add('T07g', `${title(sent)} and ${title(received)}: different methods`, client);
  const [got, gave] = [statusCode(sent), statusCode(received)];
  const isCached = got === 200 && gave === 304; // a browser has the body already
  const differ = got !== undefined && gave !== undefined && got !== gave;
  if (differ && gave !== 499 && !isProxied(got) && !isCached)
    found.add('T07g', `${title(sent)} got ${got}, ${title(received)} answered ${gave}`, client);
  else if (received.status === 'ERROR' && sent.status !== 'ERROR' && !isCancelled(sent))
    found.add('T54b', `${title(received)} failed, ${title(sent)} did not`, client);
}

function isProxied(code: number): boolean {
  return code >= 502 && code <= 504;
}

/** One more span around the same call or message: both of one kind and protocol, in one service. */
function wrapped(node: Node, found: Findings): void {
  const { span, parent } = node;
  if (parent?.span.kind !== span.kind || parent.span.service !== span.service) return;
  const isSame =
    span.kind === 'CLIENT'
      ? protocol(parent.span) === protocol(span)
      : messagingOperation(parent.span) === messagingOperation(span);
  if (isSame) found.add('T06a', `${title(span)} within ${title(parent.span)}`, node);
}

function protocol(span: Node['span']): string {
  if (isDatabase(span)) return text(span, 'db.system.name', 'db.system') ?? 'database';
  if (isMessaging(span)) return 'messaging';
  if (isRpc(span)) return 'rpc';
  return isHttp(span) ? 'http' : 'unknown';
}

/** Attempts at the same URL, the later one after the failure of the earlier one. */
function attempts(node: Node, found: Findings): void {
  const { span, parent } = node;
  if (span.status !== 'ERROR' || !isHttp(span) || !parent || isCancelled(span)) return;
  const code = statusCode(span);
  if (code !== undefined && code < 500 && code !== 429 && code !== 408) return;
  const url = text(span, 'url.full', 'http.url') ?? path(span);
  if (url === undefined) return;
  const endUs = span.startUs + span.durationUs;
  const next = parent.children
    .slice(0, MOST_SIBLINGS)
    .find(
      ({ span: other }) =>
        other.kind === 'CLIENT' &&
        other.startUs >= endUs &&
        other.name === span.name &&
        (text(other, 'url.full', 'http.url') ?? path(other)) === url,
    );
  if (next && text(next.span, 'http.request.resend_count', 'http.resend_count') === undefined)
    found.add('T06b', title(next.span), next);
}
/** Looked at for each failed call. */
const MOST_SIBLINGS = 100;

function server(node: Node, found: Findings): void {
  const { span, parent } = node;
  if (!parent || parent.span.kind === 'CLIENT') return;
  const isSame = parent.span.service === span.service;
  if (isSame && parent.span.kind === 'SERVER') found.add('T07c', title(span), node);
  else found.add('T07d', `${title(span)} below ${title(parent.span)}`, node);
}

/** The first span of a service in its part of a trace receives something. */
function entry(node: Node, parent: Node, data: Data, found: Findings): void {
  const { span } = node;
  if (span.service === parent.span.service || !span.service || !parent.span.service) return;
  if (span.kind === 'SERVER' || span.kind === 'CONSUMER') return;
  const crosses = parent.span.kind === 'CLIENT' || parent.span.kind === 'PRODUCER';
  if (crosses) found.add('T07e', `${title(span)} below ${title(parent.span)}`, node);
  else if (!isBrowser(node, data))
    found.add('T42a', `${span.service} within ${parent.span.service}: ${title(span)}`, node);
}

/** A page continues the trace of the request that brought it. */
function isBrowser({ span }: Node, data: Data): boolean {
  if (data.serving.has(span.service)) return false;
  const language = span.resource?.attributes['telemetry.sdk.language'];
  return language === 'webjs' || data.beginning.has(span.service);
}

function fits(node: Node, found: Findings): void {
  const { span } = node;
  if (span.kind === 'CLIENT' || span.kind === 'SERVER' || isPageLoad(span)) return;
  if ((isHttp(span) && method(span) !== undefined) || isRpc(span))
    found.add('T07h', title(span), node);
}
