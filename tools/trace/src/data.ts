import { gaveUp, isDatabase, isMessaging, method, path, remoteNames, statusCode } from './facts.ts';
import type { Node, Trace } from './forest.ts';
import { isProbe } from './probes.ts';

export interface LintOptions {
  /** By how much the clocks of two processes may differ, in microseconds. */
  readonly skewUs: number;
  /** The longest time that no span explains, in microseconds. */
  readonly gapUs: number;
  /** How often a step may be repeated under one parent. */
  readonly repeats: number;
  /** The services that users call; undefined: those that no other service calls. */
  readonly entries: ReadonlySet<string> | undefined;
  /** Names of spans that begin traces of their own, such as scheduled work. */
  readonly jobs: ReadonlySet<string>;
  readonly edges: DeclaredEdges | undefined;
}

/** Keys are `caller -> callee`; `optional` ones may be missing. */
export interface DeclaredEdges {
  readonly required: ReadonlySet<string>;
  readonly optional: ReadonlySet<string>;
}

export const DEFAULTS: LintOptions = {
  skewUs: 5000,
  gapUs: 300_000,
  repeats: 8,
  entries: undefined,
  jobs: new Set(),
  edges: undefined,
};

/** What checks of single spans must know of all others. */
export interface Data {
  readonly traces: readonly Trace[];
  readonly options: LintOptions;
  /** Services that handle requests or messages; others only begin work, as browsers and scripts do. */
  readonly serving: ReadonlySet<string>;
  /** Services in which a trace begins. */
  readonly beginning: ReadonlySet<string>;
  /** Services that another service calls; browsers and scripts do not count. */
  readonly called: ReadonlySet<string>;
  /** Calls that were answered by a service that reports spans, but have no SERVER span; with the name of the callee. */
  readonly unserved: ReadonlyMap<Node, string>;
  /** How many calls between two services have a SERVER span; keys are `caller -> callee`. */
  readonly served: ReadonlyMap<string, number>;
  /** Roots that are most likely the missing SERVER spans of such calls. */
  readonly lost: ReadonlyMap<Node, Node>;
}

export function dataOf(traces: readonly Trace[], options: LintOptions): Data {
  const serving = new Set<string>();
  const servers = new Set<string>();
  for (const { nodes } of traces)
    for (const { span } of nodes) {
      if (span.kind === 'SERVER') servers.add(span.service);
      if (span.kind === 'SERVER' || span.kind === 'CONSUMER') serving.add(span.service);
    }
  const beginning = new Set(traces.flatMap(({ roots }) => roots.map(({ span }) => span.service)));
  const called = new Set<string>();
  const served = new Map<string, number>();
  const unserved = new Map<Node, string>();
  for (const { nodes } of traces)
    for (const node of nodes) {
      const { span, children } = node;
      if (span.kind !== 'CLIENT') continue;
      const server = children.find((child) => child.span.kind === 'SERVER');
      if (server) {
        if (server.span.service !== span.service && serving.has(span.service))
          called.add(server.span.service);
        const key = `${span.service} -> ${server.span.service}`;
        served.set(key, (served.get(key) ?? 0) + 1);
      } else {
        const callee = calleeOf(node, servers);
        if (callee !== undefined) unserved.set(node, callee);
      }
    }
  const lost = lostContexts(traces, unserved, options.skewUs);
  return { traces, options, serving, beginning, called, unserved, served, lost };
}

/** The service that must have a SERVER span for this call; undefined where none needs to. */
function calleeOf({ span, children }: Node, servers: ReadonlySet<string>): string | undefined {
  if (isDatabase(span) || isMessaging(span) || isProbe(span) || gaveUp(span)) return undefined;
  const code = statusCode(span);
  if (code !== undefined && code >= 502 && code <= 504) return undefined; // a proxy may have answered
  if (children.length > 0) return undefined; // its child is what is wrong
  for (const name of remoteNames(span)) {
    if (servers.has(name)) return name;
    const [label = ''] = name.split('.');
    if (servers.has(label)) return label;
  }
  return undefined;
}

/** Looked at for each call: more would take too long where very many requests came at once. */
const MOST_CANDIDATES = 50;

/** For each call without a SERVER span, a root of the callee at the same time and of the same method and path. */
function lostContexts(
  traces: readonly Trace[],
  unserved: ReadonlyMap<Node, string>,
  skewUs: number,
): Map<Node, Node> {
  const lost = new Map<Node, Node>();
  if (unserved.size === 0) return lost;
  const roots = new Map<string, Node[]>();
  for (const trace of traces)
    for (const root of trace.roots)
      if (root.span.kind === 'SERVER' && !Number.isNaN(root.span.startUs)) {
        const list = roots.get(root.span.service);
        if (list) list.push(root);
        else roots.set(root.span.service, [root]);
      }
  for (const list of roots.values())
    list.sort((one, other) => one.span.startUs - other.span.startUs);
  const taken = new Set<Node>();
  for (const [client, callee] of unserved) {
    const list = roots.get(callee) ?? [];
    const { startUs, durationUs } = client.span;
    const begin = firstAfter(list, startUs - skewUs);
    for (let at = begin; at < Math.min(begin + MOST_CANDIDATES, list.length); at++) {
      const server = list[at];
      if (!server || server.span.startUs > startUs + durationUs + skewUs) break;
      if (taken.has(server) || !isSameRequest(client, server)) continue;
      taken.add(server);
      lost.set(client, server);
      break;
    }
  }
  return lost;
}

function isSameRequest({ span: client }: Node, { span: server }: Node): boolean {
  const sent = path(client);
  const received = path(server);
  return method(client) === method(server) && (!sent || !received || sent === received);
}

/** Index of the first that starts at the time or later. */
function firstAfter(nodes: readonly Node[], timeUs: number): number {
  let low = 0;
  let high = nodes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((nodes[middle]?.span.startUs ?? 0) < timeUs) low = middle + 1;
    else high = middle;
  }
  return low;
}
