import { SERVICES } from '@sockshop/parts';
import type { BodyOf } from '../../src/responses.ts';
import type { responses } from '../../src/traces/trace-responses.ts';

// Nothing here touches the page: the tests load it into Node.

export type Trace = BodyOf<typeof responses.trace>;
export type Span = Trace['spans'][number];
export type TraceSummary = BodyOf<typeof responses.traces>['traces'][number];

export type TraceLogs = BodyOf<typeof responses.logs>;

/** A span in its place. */
export interface Row {
  /** Unique in the trace, also where both ends of a B3 call share one span id, and kept while it grows. */
  key: string;
  span: Span;
  /** From 0. */
  depth: number;
  parent: Row | undefined;
  children: Row[];
  /** Its parent has not arrived (yet), or never will. */
  orphan: boolean;
  /** How long the message waited in its queue, in microseconds; undefined for all but consumers. */
  waitUs: number | undefined;
}

/** The rows without a parent, children inside; siblings in the order in which they started. */
export function treeOf(spans: readonly Span[]): Row[] {
  const sorted = [...spans].sort((one, other) => one.startUs - other.startUs);
  const rows = sorted.map<Row>((span) => ({
    key: `${span.id}${span.kind ?? ''}`,
    span,
    depth: 0,
    parent: undefined,
    children: [],
    orphan: false,
    waitUs: undefined,
  }));
  const byId = new Map<string, Row>();
  const sharing = Map.groupBy(rows, ({ span }) => span.id);
  for (const row of rows) {
    // Of two spans that share an id the server is the inner one: the children are its own.
    if (!byId.has(row.span.id) || row.span.kind === 'SERVER') byId.set(row.span.id, row);
  }
  const roots: Row[] = [];
  for (const row of rows) {
    const { id, parentId } = row.span;
    const twin = sharing.get(id)?.find((other) => other !== row);
    const outer = row === byId.get(id) && twin ? twin : byId.get(parentId ?? '');
    row.orphan = parentId !== undefined && !outer;
    if (outer && !isBelow(outer, row)) {
      row.parent = outer;
      outer.children.push(row);
    } else roots.push(row);
  }
  for (const row of rowsOf(roots)) {
    row.depth = row.parent ? row.parent.depth + 1 : 0;
    row.waitUs = waitOf(row);
  }
  return roots;
}

/** Malformed spans may name each other as parents. */
function isBelow(row: Row, top: Row): boolean {
  for (let at: Row | undefined = row; at; at = at.parent) if (at === top) return true;
  return false;
}

function waitOf({ span, parent }: Row): number | undefined {
  if (span.kind !== 'CONSUMER' || parent?.span.kind !== 'PRODUCER') return undefined;
  return Math.max(0, span.startUs - endOf(parent.span)); // a consumer may be quicker than the broker's confirm
}

/** From top to bottom, without what is below the rows of `closed` (their keys). */
export function rowsOf(roots: readonly Row[], closed: ReadonlySet<string> = new Set()): Row[] {
  const rows: Row[] = [];
  const ahead = roots.toReversed(); // a stack in place of recursion: a chain of spans may be long
  for (let row = ahead.pop(); row; row = ahead.pop()) {
    rows.push(row);
    if (!closed.has(row.key)) for (const child of row.children.toReversed()) ahead.push(child);
  }
  return rows;
}

export function endOf({ startUs, durationUs }: Span): number {
  return startUs + durationUs;
}

/** Each once, in the order in which the trace reached them. */
export function servicesOf(spans: readonly Span[]): string[] {
  const sorted = [...spans].sort((one, other) => one.startUs - other.startUs);
  return [...new Set(sorted.map(({ service }) => service))];
}

/** The last span has arrived, and none came since the last look. */
export function isSettled({ summary }: Trace, before: Trace | undefined): boolean {
  return summary.state === 'finished' && summary.spans === before?.summary.spans;
}

/**
 * Where the failure began: of the failed rows that have no failed one below, the one that started first. Undefined where nothing failed.
 */
export function firstError(roots: readonly Row[]): Row | undefined {
  const failed = rowsOf(roots).filter(({ span }) => span.error !== undefined);
  const above = new Set<Row>();
  for (const row of failed) {
    for (let at = row.parent; at && !above.has(at); at = at.parent) above.add(at);
  }
  return failed
    .filter((row) => !above.has(row))
    .reduce<Row | undefined>(
      (first, row) => (first && first.span.startUs <= row.span.startUs ? first : row),
      undefined,
    );
}

/** What the browser's spans are sent as; a fetched trace calls them so too. */
export const browserService = 'storefront';

/** Databases and brokers, which are no services of the shop, and the ways they are called. */
const stores = /^(mysql|mongodb|sqlite|redis|rabbitmq|queue|amqp|.*-db)$/;
const spareSlots = 3;

/** The colour of a service everywhere in the shop, as a CSS value; `service-colours.css` has those of all but the shop's services. */
export function colourOf(service: string): string {
  const name = service.toLowerCase();
  if (name === browserService) return 'var(--service-browser)';
  const colour = SERVICES.find((known) => known.name === name)?.colour;
  if (colour) return `light-dark(${colour.light}, ${colour.dark})`;
  if (stores.test(name)) return 'var(--service-store)';
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return `var(--service-spare-${hash % spareSlots})`;
}

/** Three digits that matter, whatever the size. */
export function durationText(us: number): string {
  if (us < 999.5) return `${Math.round(us)} µs`;
  const ms = us / 1000;
  if (ms < 999.5) return `${ms.toFixed(ms < 9.995 ? 2 : ms < 99.95 ? 1 : 0)} ms`;
  const seconds = ms / 1000;
  return `${seconds.toFixed(seconds < 9.995 ? 2 : 1)} s`;
}
