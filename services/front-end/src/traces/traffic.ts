import type { BodyOf } from '../responses.ts';
import { Figures } from './figures.ts';
import type { responses } from './trace-responses.ts';
import type { SeenSpan } from './traffic-window.ts';

export const BROWSER = 'storefront';

export type TrafficJson = BodyOf<typeof responses.traffic>;
type Measured = Pick<TrafficJson['services'][number], 'perSecond' | 'avgMs' | 'p95Ms'>;
type Listed = Omit<TrafficJson['routes'][number], 'service' | 'kind'>;
type Part = TrafficJson['services'][number]['kind'];

/** What the spans tell of the traffic among the parts of the shop; edges by the rules of Zipkin's own service map. */
export function trafficOf(
  spans: readonly SeenSpan[],
  windowS: number,
  coveredS: number = windowS,
): TrafficJson {
  const traffic = new Traffic(spans);
  for (const span of spans) traffic.count(span);
  return { windowS, coveredS, spans: spans.length, ...traffic.figures(coveredS) };
}

class Traffic {
  private readonly parts = new Map<string, { kind: Part; version?: string; figures: Figures }>();
  private readonly edges: Named = new Map();
  private readonly routes: Named = new Map();
  private readonly calls: Named = new Map();
  private readonly byId: Map<string, SeenSpan[]>;
  /** Ids of spans with another one below: the called side knows better which call it was. */
  private readonly above = new Set<string>();

  constructor(spans: readonly SeenSpan[]) {
    this.byId = Map.groupBy(spans, ({ trace, id }) => trace + id);
    for (const span of spans) {
      if (span.kind === 'SERVER') this.above.add(span.trace + span.id); // of a client with the same id
      if (span.parentId !== undefined) this.above.add(span.trace + span.parentId);
    }
  }

  count(span: SeenSpan): void {
    const { service, version } = span;
    const part = this.part(service, service === BROWSER ? 'browser' : 'service');
    if (version !== undefined) part.version = version;
    if (span.database !== undefined) this.countDatabase(span, span.database);
    else if (span.broker !== undefined) this.countBroker(span, span.broker);
    else if (span.kind === 'SERVER') this.countServer(span);
    else if (span.kind === 'CLIENT') this.countClient(span);
    else if (service === BROWSER) this.countPage(span);
  }

  figures(seconds: number): Omit<TrafficJson, 'windowS' | 'coveredS' | 'spans'> {
    const measured = (figures: Figures): Measured => ({
      perSecond: figures.count / seconds,
      avgMs: figures.avgMs,
      p95Ms: figures.p95Ms,
    });
    const listed = (name: string, figures: Figures): Listed => ({
      name,
      count: figures.count,
      errors: figures.errors,
      maxMs: figures.maxMs,
      ...measured(figures),
    });
    const parts = busiest(this.parts);
    const shown = new Set(parts.map(([name]) => name));
    return {
      services: parts.map(([name, { kind, version, figures }]) => {
        const { errorShare } = figures;
        return {
          name,
          ...(version !== undefined && { version }),
          kind,
          errorShare,
          ...measured(figures),
        };
      }),
      edges: rows(this.edges, ([from = '', to = ''], figures) => {
        return { from, to, errorShare: figures.errorShare, ...measured(figures) };
      }).filter(({ from, to }) => shown.has(from) && shown.has(to)),
      routes: rows(this.routes, ([service = '', name = ''], figures) => {
        return { service, kind: 'http' as const, ...listed(name, figures) };
      }),
      calls: rows(this.calls, ([service = '', target = '', kind, name = ''], figures) => {
        const part = kind === 'broker' ? ('broker' as const) : ('database' as const);
        return { service, target, kind: part, ...listed(name, figures) };
      }),
    };
  }

  /** The edge is measured where the caller is: what it waited for. */
  private countServer(span: SeenSpan): void {
    add(this.part(span.service).figures, span);
    add(figuresOf(this.routes, span.service, span.name), span);
    const caller = this.callerOf(span);
    if (caller?.kind !== 'CLIENT' || caller.service === span.service) return;
    const failed = caller.failed || span.failed;
    this.edge(caller.service, span.service).add(caller.durationMs, failed);
  }

  /** A call without a server span still shows which part was called. */
  private countClient(span: SeenSpan): void {
    if (span.service === BROWSER && this.parentOf(span)?.service !== BROWSER) {
      add(this.part(BROWSER).figures, span); // not a part of something the shopper did
    }
    const { remote } = span;
    if (remote === undefined || this.above.has(span.trace + span.id)) return;
    this.part(remote);
    add(this.edge(span.service, remote), span);
  }

  /** Calls of a database in the service's own process (SQLite) name no remote end: they are listed, but are no edge. */
  private countDatabase(span: SeenSpan, system: string): void {
    const { service, remote, kind } = span;
    add(figuresOf(this.calls, service, remote ?? system, 'database', span.name), span);
    if (kind !== 'CLIENT' || remote === undefined) return;
    add(this.part(remote, 'database').figures, span);
    add(this.edge(service, remote), span);
  }

  /** A consumer's edge comes from the broker. Acknowledgements are no traffic of their own. */
  private countBroker(span: SeenSpan, system: string): void {
    const { service, remote, kind } = span;
    if (kind !== 'PRODUCER' && kind !== 'CONSUMER') return;
    const broker = remote ?? system;
    add(figuresOf(this.calls, service, broker, 'broker', span.name), span);
    if (kind === 'CONSUMER') add(this.part(service).figures, span);
    else add(this.part(broker, 'broker').figures, span);
    this.part(broker, 'broker');
    add(kind === 'CONSUMER' ? this.edge(broker, service) : this.edge(service, broker), span);
  }

  /** The browser's span of a page load is a child of the server's span, so the call itself has no caller's span. */
  private countPage(span: SeenSpan): void {
    const above = this.parentOf(span);
    if (above?.service === BROWSER) return;
    add(this.part(BROWSER).figures, span);
    if (above?.kind === 'SERVER' && above.parentId === undefined) {
      add(this.edge(BROWSER, above.service), above);
    }
  }

  /** The nearest span above that left or entered its process; local steps may lie between. */
  private callerOf(span: SeenSpan): SeenSpan | undefined {
    const twin = this.byId.get(span.trace + span.id)?.find(({ kind }) => kind === 'CLIENT');
    if (twin) return twin; // B3 allows a server to go on with its client's id
    let above = this.parentOf(span);
    for (let steps = 0; above && !above.kind && steps < MAX_STEPS; steps += 1) {
      above = this.parentOf(above);
    }
    return above;
  }

  private parentOf({ trace, parentId, service }: SeenSpan): SeenSpan | undefined {
    const above = parentId === undefined ? [] : (this.byId.get(trace + parentId) ?? []);
    return above.find((span) => span.service === service) ?? above[0];
  }

  private edge(from: string, to: string): Figures {
    return figuresOf(this.edges, from, to);
  }

  /** A part that is known as a database or broker stays one. */
  private part(name: string, kind: Part = 'service') {
    const known = this.parts.get(name);
    if (known && kind !== 'service') known.kind = kind;
    const part = known ?? { kind, figures: new Figures() };
    this.parts.set(name, part);
    return part as typeof part & { version?: string };
  }
}

/** Malformed spans may be each other's parents. */
const MAX_STEPS = 50;

function add(figures: Figures, { durationMs, failed }: SeenSpan): void {
  figures.add(durationMs, failed);
}

type Named = Map<string, { readonly names: readonly string[]; readonly figures: Figures }>;

function figuresOf(all: Named, ...names: string[]): Figures {
  const key = JSON.stringify(names); // a name may contain any separator
  const known = all.get(key) ?? { names, figures: new Figures() };
  all.set(key, known);
  return known.figures;
}

function rows<R>(all: Named, row: (names: readonly string[], figures: Figures) => R): R[] {
  return busiest(all).map(([, { names, figures }]) => row(names, figures));
}

/** The most of each kind that an answer contains: spans come from outside, and a page must be able to draw all of them. */
const MAX_ROWS = 200;

function busiest<T extends { figures: Figures }>(all: Map<string, T>): [string, T][] {
  if (all.size <= MAX_ROWS) return [...all];
  const byCount = [...all].sort(([, one], [, other]) => other.figures.count - one.figures.count);
  return byCount.slice(0, MAX_ROWS);
}
