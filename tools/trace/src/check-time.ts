import type { Data } from './data.ts';
import { end, gaveUp, title } from './facts.ts';
import type { Findings } from './finding.ts';
import type { Node } from './forest.ts';
import { unexplainedUs } from './gaps.ts';

/** 2001 and 2100 in microseconds: a time in milliseconds or nanoseconds lies outside. */
const EARLIEST = 1e15;
const LATEST = 4.1e15;
const DAY_US = 24 * 3600 * 1e6;
/** Clocks of one process: a start is rounded to a millisecond by some, and Zipkin rounds start and duration to microseconds. */
const SAME_PROCESS_US = 2000;

/** Whether times and durations are possible, and what they leave unexplained. */
export function checkTime(data: Data, found: Findings): void {
  const skews: Skew[] = [];
  const ends: LateEnd[] = [];
  const hops = new Map<string, number>();
  for (const trace of data.traces)
    for (const node of trace.nodes) {
      if (!possible(node, data, found)) continue;
      const { parent } = node;
      if (parent && isTimed(parent)) {
        if (isOneProcess(node, parent)) within(node, parent, data, found);
        else across(node, parent, data, { skews, ends, hops });
      }
      if (data.serving.has(node.span.service)) events(node, found); // a page tells of what was before
      gaps(node, data, found);
    }
  judge(ends, hops, skews, found);
  blame(skews, found);
}

function isTimed({ span }: Node): boolean {
  return span.startUs > EARLIEST && span.startUs < LATEST && span.durationUs >= 0;
}

function possible(node: Node, { serving }: Data, found: Findings): boolean {
  const { startUs, durationUs, service, form } = node.span;
  const isCoarse = form === 'otlp' && !serving.has(service); // the clock of a browser, or a script's
  if (startUs < EARLIEST || startUs > LATEST)
    found.add('T39d', `the start of spans of ${service}`, node);
  else if (durationUs > DAY_US) found.add('T39d', `the duration of spans of ${service}`, node);
  else if (Number.isNaN(startUs)) found.add('T39a', `spans of ${service} without a start`, node);
  else if (Number.isNaN(durationUs)) found.add('T39a', `spans of ${service} without an end`, node);
  else if (durationUs < 0) found.add('T39a', `spans of ${service} end before they start`, node);
  else if (durationUs === 0 && !isCoarse)
    found.add('T39a', `spans of ${service} take no time`, node);
  else return true;
  return false;
}

/** One service may run in several processes; OTLP tells them apart. */
function isOneProcess({ span }: Node, { span: parent }: Node): boolean {
  const instance = (it: Node['span']): unknown => it.resource?.attributes['service.instance.id'];
  return span.service === parent.service && instance(span) === instance(parent) && !span.shared;
}

function within(node: Node, parent: Node, { serving }: Data, found: Findings): void {
  const [child, outer] = [node.span, parent.span];
  if (child.kind === 'CONSUMER' || outer.kind === 'PRODUCER') return; // they need not wait for each other
  if (child.startUs < outer.startUs - SAME_PROCESS_US)
    found.add('T39b', `${title(child)} starts before ${title(outer)}`, node);
  else if (!serving.has(child.service))
    return; // a page lives on after it was loaded
  else if (child.startUs > end(outer) + SAME_PROCESS_US)
    found.add('T57', `${title(child)} starts after ${title(outer)} has ended`, node);
  else if (end(child) > end(outer) + SAME_PROCESS_US && !gaveUp(outer))
    found.add('T57', `${title(child)} ends after ${title(outer)}`, node);
}

/** What happened to a span happened while it ran. */
function events(node: Node, found: Findings): void {
  const { span } = node;
  for (const { name, timeUs } of span.events)
    if (timeUs < span.startUs - SAME_PROCESS_US || timeUs > end(span) + SAME_PROCESS_US)
      found.add('T39b', `event ${name.slice(0, 80)} of ${title(span)}`, node);
}

interface Skew {
  readonly node: Node;
  readonly from: string;
  readonly to: string;
  readonly offsetUs: number;
}

/** A SERVER that ends after its CLIENT. */
interface LateEnd {
  readonly skew: Skew;
  /** No difference of clocks explains it. */
  readonly isLonger: boolean;
}

interface Hops {
  readonly skews: Skew[];
  readonly ends: LateEnd[];
  /** How many there are; keys are `caller -> callee`. */
  readonly hops: Map<string, number>;
}

function across(node: Node, parent: Node, { options }: Data, { skews, ends, hops }: Hops): void {
  const { skewUs } = options;
  const [callee, caller] = [node.span, parent.span];
  const pair = `${caller.service} -> ${callee.service}`;
  hops.set(pair, (hops.get(pair) ?? 0) + 1);
  const early = caller.startUs - callee.startUs;
  const late = end(callee) - end(caller);
  const waits = caller.kind !== 'PRODUCER' && callee.kind !== 'CONSUMER';
  const skew = { node, from: caller.service, to: callee.service };
  if (early > skewUs) skews.push({ ...skew, offsetUs: -early });
  else if (waits && late > skewUs && !gaveUp(caller))
    ends.push({
      skew: { ...skew, offsetUs: late },
      isLonger: callee.durationUs > caller.durationUs + skewUs,
    });
}

/** A busy process notes the end of a response this much later than its caller has it, now and then. */
const BUSY_US = 100_000;

/** Short delays count where most of the calls between two services have them. */
function judge(
  ends: readonly LateEnd[],
  hops: ReadonlyMap<string, number>,
  skews: Skew[],
  found: Findings,
): void {
  const late = new Map<string, number>();
  const pairOf = ({ skew: { from, to } }: LateEnd): string => `${from} -> ${to}`;
  for (const each of ends) late.set(pairOf(each), (late.get(pairOf(each)) ?? 0) + 1);
  for (const each of ends) {
    const { skew, isLonger } = each;
    const isUsual = 2 * (late.get(pairOf(each)) ?? 0) > (hops.get(pairOf(each)) ?? 0);
    if (!isUsual && skew.offsetUs <= BUSY_US) continue;
    if (!isLonger) skews.push(skew);
    else if (skew.node.parent)
      found.add(
        'T57',
        `${title(skew.node.span)} ends after ${title(skew.node.parent.span)}`,
        skew.node,
      );
  }
}

/** How many clocks are looked for; what then remains is reported by pairs of services. */
const MOST_CLOCKS = 20;

/** The clock of the service that takes part in most of the pairs is taken for the wrong one. */
function blame(skews: readonly Skew[], found: Findings): void {
  let rest = skews;
  for (let clock = 0; rest.length > 0 && clock < MOST_CLOCKS; clock++) {
    const worst = mostOften(rest.flatMap(({ from, to }) => [from, to]));
    const its = rest.filter(({ from, to }) => from === worst || to === worst);
    rest = rest.filter(({ from, to }) => from !== worst && to !== worst);
    const others = [...new Set(its.map(({ from, to }) => (to === worst ? from : to)))].sort();
    const offsets = its.map(({ to, offsetUs }) => (to === worst ? offsetUs : -offsetUs));
    const offset = offsets.reduce(
      (one, other) => (Math.abs(other) > Math.abs(one) ? other : one),
      0,
    );
    const by = `${(Math.abs(offset) / 1000).toFixed(1)} ms ${offset < 0 ? 'behind' : 'ahead of'}`;
    const cause = `the clock of ${worst} is up to ${by} ${others.slice(0, 10).join(', ')}`;
    for (const { node } of its) found.add('T39c', cause, node);
  }
  for (const { node, from, to } of rest) found.add('T39c', `between ${from} and ${to}`, node);
}

/** The name that comes most often; of several the first by alphabet. */
function mostOften(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const ordered = [...counts].sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1));
  return ordered[0]?.[0] ?? '';
}

function gaps(node: Node, data: Data, found: Findings): void {
  const { gapUs } = data.options;
  const { span } = node;
  if (span.durationUs <= gapUs) return;
  if (!data.serving.has(span.service)) return; // it is a person
  const longest = unexplainedUs(
    span,
    node.children.map((child) => child.span),
  );
  if (longest > gapUs) found.add('T55', title(span), node);
}
