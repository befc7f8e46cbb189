import type { BodyOf } from '../responses.ts';
import { BROWSER, type Call, Calls } from './calls.ts';
import { Figures } from './figures.ts';
import { VersionFigures } from './version-figures.ts';
import type { responses } from './trace-responses.ts';
import type { SeenSpan } from './traffic-window.ts';

export type TrafficJson = BodyOf<typeof responses.traffic>;
type Measured = TrafficJson['requests'];
type Part = TrafficJson['services'][number]['kind'];

/** What the spans tell of the traffic among the parts of the shop. */
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
  private readonly parts = new Map<string, MeasuredPart>();
  private readonly edges: Named = new Map();
  private readonly routes: Named = new Map();
  private readonly called: Named = new Map();
  private readonly calls: Calls;
  /** Services that other services call. */
  private readonly inner = new Set<string>();
  private readonly callerUnknown: SeenSpan[] = [];
  /** From outside the shop. */
  private readonly requests = new Figures();

  constructor(spans: readonly SeenSpan[]) {
    this.calls = new Calls(spans);
  }

  count(span: SeenSpan): void {
    const { service, version } = span;
    const part = this.part(service, service === BROWSER ? 'browser' : 'service');
    if (version !== undefined) part.version = version;
    const call = this.calls.of(span);
    if (call) this.countCall(call, span);
    if (this.isOwnWork(span)) {
      add(part.figures, span);
      part.versions.add(span);
    }
    if (span.kind !== 'SERVER') return;
    add(figuresOf(this.routes, service, span.name), span);
    this.countRequest(span, call);
  }

  figures(seconds: number): Omit<TrafficJson, 'windowS' | 'coveredS' | 'spans'> {
    const measured = (figures: Figures): Measured => ({
      count: figures.count,
      errors: figures.errors,
      perSecond: figures.count / seconds,
      avgMs: figures.avgMs,
      p95Ms: figures.p95Ms,
    });
    for (const span of this.callerUnknown) {
      if (!this.inner.has(span.service)) add(this.requests, span);
    }
    const parts = busiest(this.parts);
    const shown = new Set(parts.map(([name]) => name));
    return {
      requests: measured(this.requests),
      services: parts.map(([name, { kind, version, versions, figures }]) => ({
        name,
        ...(version !== undefined && { version }),
        kind,
        ...measured(figures),
        ...(versions.any && { versions: versions.rows(measured) }),
      })),
      edges: rows(this.edges, ([from = '', to = ''], figures) => {
        return { from, to, ...measured(figures) };
      }).filter(({ from, to }) => shown.has(from) && shown.has(to)),
      routes: rows(this.routes, ([service = '', name = ''], figures) => {
        return { service, name, ...measured(figures), maxMs: figures.maxMs };
      }),
      calls: rows(this.called, ([from = '', to = '', kind, name = '', place], figures) => {
        return {
          from,
          to,
          kind: kind as Call['kind'], // from countCall
          name,
          inProcess: place === IN_PROCESS,
          ...measured(figures),
          maxMs: figures.maxMs,
        };
      }),
    };
  }

  private countCall(call: Call, { kind: side }: SeenSpan): void {
    const { from, to, kind, name, inProcess } = call;
    add(figuresOf(this.called, from, to, kind, name, inProcess ? IN_PROCESS : ''), call);
    if (inProcess) return;
    add(figuresOf(this.edges, from, to), call);
    if (kind === 'http') this.part(to);
    else if (kind === 'database') add(this.part(to, 'database').figures, call);
    else if (side === 'PRODUCER') add(this.part(to, 'broker').figures, call);
    else this.part(from, 'broker');
  }

  /** What comes from outside: all else happens within these requests. A caller that is not known (yet) may be another service. */
  private countRequest(span: SeenSpan, call: Call | undefined): void {
    if (call && call.from !== BROWSER) this.inner.add(span.service);
    else if (call || span.parentId === undefined) add(this.requests, span);
    else if (!this.calls.callerOf(span)) this.callerUnknown.push(span);
  }

  /** What a part is measured by: requests and messages that it handled, and of a browser what the shopper did there. */
  private isOwnWork(span: SeenSpan): boolean {
    const { service, kind, database, broker } = span;
    if (database !== undefined) return false;
    if (broker !== undefined) return kind === 'CONSUMER';
    if (service !== BROWSER) return kind === 'SERVER';
    return (!kind || kind === 'CLIENT') && this.calls.parentOf(span)?.service !== BROWSER;
  }

  /** A part that is known as a database or broker stays one. */
  private part(name: string, kind: Part = 'service') {
    const known = this.parts.get(name);
    if (known && kind !== 'service') known.kind = kind;
    const part = known ?? { kind, figures: new Figures(), versions: new VersionFigures() };
    this.parts.set(name, part);
    return part;
  }
}

interface MeasuredPart {
  kind: Part;
  version?: string;
  readonly figures: Figures;
  readonly versions: VersionFigures;
}

const IN_PROCESS = 'in process';

function add(figures: Figures, { durationMs, failed }: { durationMs: number; failed: boolean }) {
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
