import type { SeenSpan } from './traffic-window.ts';

/** What the browser's spans are sent as. */
export const BROWSER = 'storefront';

/** A call or a message from one part of the shop to another. */
export interface Call {
  readonly from: string;
  readonly to: string;
  readonly kind: 'http' | 'database' | 'broker';
  /** Of the route as the called side names it, of the statement or of the message. */
  readonly name: string;
  readonly durationMs: number;
  readonly failed: boolean;
  /** A database in the service's own process, such as SQLite: its calls are listed, but no edge of the map. */
  readonly inProcess: boolean;
}

/** The calls that spans tell of, by the rules of Zipkin's own service map. */
export class Calls {
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

  /** The one call that is counted at this span. */
  of(span: SeenSpan): Call | undefined {
    if (span.database !== undefined) return databaseCall(span, span.database);
    if (span.broker !== undefined) return message(span, span.broker);
    if (span.kind === 'SERVER') return this.answered(span);
    return span.kind === 'CLIENT' ? this.unanswered(span) : undefined;
  }

  /** The nearest span above that left or entered its process; local steps may lie between. */
  callerOf(span: SeenSpan): SeenSpan | undefined {
    const twin = this.byId.get(span.trace + span.id)?.find(({ kind }) => kind === 'CLIENT');
    if (twin) return twin; // B3 allows a server to go on with its client's id
    let above = this.parentOf(span);
    for (let steps = 0; above && !above.kind && steps < MAX_STEPS; steps += 1) {
      above = this.parentOf(above);
    }
    return above;
  }

  parentOf({ trace, parentId, service }: SeenSpan): SeenSpan | undefined {
    const above = parentId === undefined ? [] : (this.byId.get(trace + parentId) ?? []);
    return above.find((span) => span.service === service) ?? above[0];
  }

  /** Measured where the caller is: what it waited for. */
  private answered(span: SeenSpan): Call | undefined {
    const caller = this.callerOf(span);
    if (caller?.kind !== 'CLIENT' || caller.service === span.service) return undefined;
    return {
      ...http(caller.service, span.service, span.name, caller.durationMs),
      failed: caller.failed || span.failed,
    };
  }

  /** A call without a server span still shows which part was called. */
  private unanswered(span: SeenSpan): Call | undefined {
    const { service, remote, name, durationMs, failed } = span;
    if (remote === undefined || this.above.has(span.trace + span.id)) return undefined;
    return { ...http(service, remote, name, durationMs), failed };
  }
}

/** Malformed spans may be each other's parents. */
const MAX_STEPS = 50;

function http(from: string, to: string, name: string, durationMs: number) {
  return { from, to, kind: 'http', name, durationMs, inProcess: false } as const;
}

/** Calls within the process name no remote end. */
function databaseCall(span: SeenSpan, system: string): Call {
  const { service: from, remote, kind, name, durationMs, failed } = span;
  const inProcess = kind !== 'CLIENT' || remote === undefined;
  return { from, to: remote ?? system, kind: 'database', name, durationMs, failed, inProcess };
}

/** One edge to the broker and one from it. Acknowledgements are no traffic of their own. */
function message(span: SeenSpan, system: string): Call | undefined {
  const { service, remote, kind, name, durationMs, failed } = span;
  const broker = remote ?? system;
  const of = { kind: 'broker', name, durationMs, failed, inProcess: false } as const;
  if (kind === 'PRODUCER') return { from: service, to: broker, ...of };
  return kind === 'CONSUMER' ? { from: broker, to: service, ...of } : undefined;
}
