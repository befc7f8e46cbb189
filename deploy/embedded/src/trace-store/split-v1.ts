import type { Annotation, Endpoint, Kind, Span } from './span.ts';

export interface V1Annotation extends Annotation {
  endpoint: Endpoint | undefined;
}

export interface V1Tag {
  key: string;
  value: string;
  endpoint: Endpoint | undefined;
}

/** Who called (`ca`), was called (`sa`), or passed the message on (`ma`). */
export interface V1Address {
  key: string;
  endpoint: Endpoint;
}

/** Times are 0 when unknown. */
export interface V1Span {
  traceId: string;
  id: string;
  parentId: string | undefined;
  name: string | undefined;
  timestamp: number;
  duration: number;
  debug: boolean | undefined;
  /** By time. */
  annotations: V1Annotation[];
  /** By key. */
  tags: V1Tag[];
  addresses: V1Address[];
}

/** A v2 span in the making. */
interface Part extends Omit<Span, 'parentId' | 'name' | 'debug'> {
  parentId: string | undefined;
  name: string | undefined;
  debug: boolean | undefined;
  annotations: Annotation[];
  tags: Record<string, string>;
}

/** The annotations that mark begin and end of a call or message: client or server, messaging or wire; send or receive. */
type Core = 'cs' | 'cr' | 'sr' | 'ss' | 'ms' | 'mr' | 'ws' | 'wr';
const KIND_OF: Readonly<Record<Core, Kind | undefined>> = {
  cs: 'CLIENT',
  cr: 'CLIENT',
  sr: 'SERVER',
  ss: 'SERVER',
  ms: 'PRODUCER',
  mr: 'CONSUMER',
  ws: undefined,
  wr: undefined,
};

type Marked = V1Annotation & { endpoint: Endpoint };

/** Splits a v1 span into one for each service, and client and server of one service into two, by the rules of Zipkin's `V1SpanConverter`. */
export function splitV1(span: V1Span): Part[] {
  const parts = new Parts(span);
  const core = new Map<Core, Marked>();
  for (const annotation of span.annotations) {
    const { timestamp, value } = annotation;
    const part = parts.at(annotation.endpoint);
    if (!isCore(annotation)) {
      part.annotations.push({ timestamp, value });
      continue;
    }
    const kind = KIND_OF[annotation.value];
    if (kind) part.kind = kind;
    core.set(annotation.value, annotation);
  }
  call(span, parts, core);
  message(span, parts, core);
  for (const { key, value, endpoint } of span.tags) {
    const part = parts.at(endpoint);
    if (key !== 'lc' || value !== '') part.tags[key] = value; // an empty `lc` only names the service
  }
  remoteEnds(span, parts, core);
  return parts.all;
}

function isCore(annotation: V1Annotation): annotation is Marked & { value: Core } {
  return annotation.endpoint !== undefined && Object.hasOwn(KIND_OF, annotation.value);
}

class Parts {
  readonly all: [Part, ...Part[]];

  constructor(private readonly span: V1Span) {
    this.all = [this.blank()];
  }

  get first(): Part {
    return this.all[0];
  }

  /** The part of that service. What names none belongs to the first. */
  at(endpoint: Endpoint | undefined): Part {
    if (!endpoint) return this.first;
    this.first.localEndpoint ??= endpoint;
    return (
      this.all.find(({ localEndpoint }) => isSameService(localEndpoint, endpoint)) ??
      this.add(endpoint)
    );
  }

  add(localEndpoint: Endpoint): Part {
    const part: Part = { ...this.blank(), localEndpoint };
    this.all.push(part);
    return part;
  }

  private blank(): Part {
    const { traceId, id, parentId, name, debug } = this.span;
    return { traceId, id, parentId, name, debug, annotations: [], tags: {} };
  }
}

function isSameService(a: Endpoint | undefined, b: Endpoint): boolean {
  return a?.serviceName === b.serviceName;
}

function call(span: V1Span, parts: Parts, core: Map<Core, Marked>): void {
  begun(span, core, 'cs', 'cr');
  begun(span, core, 'sr', 'ss');
  const [cs, cr, sr, ss] = [core.get('cs'), core.get('cr'), core.get('sr'), core.get('ss')];
  if (cs && sr) {
    time(span, parts, cs, cr); // the times of the span are the client's
    const client = parts.at(cs.endpoint);
    const server = other(parts, client, cs, sr, 'CLIENT', 'SERVER');
    server.shared = true;
    server.timestamp = sr.timestamp;
    if (ss) server.duration = ss.timestamp - sr.timestamp;
    if (!cr && span.duration === 0) delete client.duration; // it waits for no answer
  } else if (cs && cr) time(span, parts, cs, cr);
  else if (sr && ss) time(span, parts, sr, ss);
  else incomplete(span, parts, core);

  // v1 has no mark for a server that joined its client's span: it left the times to the client.
  if (sr && !cs && (span.timestamp === 0 || (ss && span.duration === 0))) {
    parts.at(sr.endpoint).shared = true;
  }
}

/** The begin of what has an end only, if that is where the span ends. */
function begun(span: V1Span, core: Map<Core, Marked>, begin: Core, end: Core): void {
  const ended = core.get(end);
  if (!ended || core.has(begin) || span.timestamp === 0 || span.duration === 0) return;
  if (span.timestamp + span.duration !== ended.timestamp) return;
  core.set(begin, { timestamp: span.timestamp, value: begin, endpoint: ended.endpoint });
}

/** The other side of a span that two sides share, also when both are one service. */
function other(
  parts: Parts,
  part: Part,
  from: Marked,
  to: Marked,
  kind: Kind,
  otherKind: Kind,
): Part {
  if (!isSameService(from.endpoint, to.endpoint)) return parts.at(to.endpoint);
  part.kind = kind;
  const added = parts.add(to.endpoint);
  added.kind = otherKind;
  return added;
}

function time(span: V1Span, parts: Parts, begin: Marked, end: Marked | undefined): void {
  const part = parts.at(begin.endpoint);
  if (span.timestamp !== 0 && span.duration !== 0) {
    part.timestamp = span.timestamp;
    part.duration = span.duration;
  } else {
    part.timestamp = begin.timestamp;
    if (end) part.duration = end.timestamp - begin.timestamp;
  }
}

/** With one end only: a begin is a time, an end an annotation. */
function incomplete(span: V1Span, parts: Parts, core: Map<Core, Marked>): void {
  for (const part of parts.all) {
    const [begin, end] = part.kind === 'CLIENT' ? (['cs', 'cr'] as const) : (['sr', 'ss'] as const);
    if (part.kind !== 'CLIENT' && part.kind !== 'SERVER') continue;
    const [began, ended] = [core.get(begin), core.get(end)];
    if (began) part.timestamp = began.timestamp;
    if (ended) part.annotations.push({ timestamp: ended.timestamp, value: ended.value });
  }
  if (span.timestamp === 0) return;
  parts.first.timestamp = span.timestamp;
  parts.first.duration = span.duration;
}

function message(span: V1Span, parts: Parts, core: Map<Core, Marked>): void {
  const [ms, mr, ws, wr] = [core.get('ms'), core.get('mr'), core.get('ws'), core.get('wr')];
  if (ms && mr) {
    const producer = parts.at(ms.endpoint);
    const consumer = other(parts, producer, ms, mr, 'PRODUCER', 'CONSUMER');
    consumer.shared = true;
    consumer.timestamp = (wr ?? mr).timestamp;
    if (wr) consumer.duration = mr.timestamp - wr.timestamp;
    producer.timestamp = ms.timestamp;
    if (ws) producer.duration = ws.timestamp - ms.timestamp;
    else delete producer.duration;
  } else if (ms) time(span, parts, ms, ws);
  else if (mr) time(span, parts, wr ?? mr, wr && mr);
  else {
    for (const wire of [ws, wr]) {
      if (!wire) continue;
      const { timestamp, value } = wire;
      parts.at(wire.endpoint).annotations.push({ timestamp, value });
    }
  }
}

function remoteEnds(span: V1Span, parts: Parts, core: Map<Core, Marked>): void {
  const addressOf = (key: string) => span.addresses.findLast((it) => it.key === key)?.endpoint;
  const [caller, called, broker] = [addressOf('ca'), addressOf('sa'), addressOf('ma')];
  const isCall = (['cs', 'cr', 'sr', 'ss'] as const).some((it) => core.has(it));
  if (!isCall && (caller ?? called)) {
    const part = parts.at(called && caller);
    const remote = called ?? caller;
    if (remote) part.remoteEndpoint = remote;
    if (!called) part.kind = 'SERVER';
    return;
  }
  const server = (core.get('sr') ?? core.get('ss'))?.endpoint;
  if (caller && server && !isSame(caller, server)) {
    // Finagle gives the caller the server's own name: without it there is no edge from the server to itself.
    const { serviceName: _, ...nameless } = caller;
    parts.at(server).remoteEndpoint = isSameService(caller, server) ? nameless : caller;
  }
  const client = (core.get('cs') ?? core.get('cr'))?.endpoint;
  if (called && client) parts.at(client).remoteEndpoint = called;
  for (const end of [core.get('ms'), core.get('mr')]) {
    if (broker && end) parts.at(end.endpoint).remoteEndpoint = broker;
  }
}

function isSame(a: Endpoint, b: Endpoint): boolean {
  return (
    isSameService(a, b) && a.ipv4 === b.ipv4 && a.ipv6 === b.ipv6 && (a.port ?? 0) === (b.port ?? 0)
  );
}
