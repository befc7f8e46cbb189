import type { Span, SpanEvent } from './span.ts';

interface Gap {
  readonly fromUs: number;
  readonly untilUs: number;
}

type Timed = Pick<Span, 'startUs' | 'durationUs'>;

type Noted = Pick<SpanEvent, 'timeUs' | 'attributes'>;

/** With this attribute, in seconds, an event marks the end of a wait. */
const WAIT_DURATION = 'wait.duration';

/**
 * The times within a span that no child covers, in order. An event divides a gap, because it says what happened there; one with the duration
 * of a wait explains all of it.
 */
export function gapsOf(
  span: Timed & { readonly events: readonly Noted[] },
  children: readonly Timed[],
): Gap[] {
  const endUs = span.startUs + span.durationUs;
  const covered = [
    ...children.map(({ startUs, durationUs }) => [startUs, startUs + durationUs] as const),
    ...span.events.map(({ timeUs, attributes }) => {
      const seconds = Number(attributes[WAIT_DURATION] ?? 0);
      return [timeUs - (seconds > 0 ? seconds * 1e6 : 0), timeUs] as const;
    }),
  ].sort(([one], [other]) => one - other);
  const gaps: Gap[] = [];
  let fromUs = span.startUs;
  for (const [start, end] of covered) {
    if (start > fromUs) gaps.push({ fromUs, untilUs: Math.min(start, endUs) });
    if (end > fromUs) fromUs = end;
    if (fromUs >= endUs) return gaps;
  }
  gaps.push({ fromUs, untilUs: endUs });
  return gaps;
}

/**
 * The longest time of a span, in microseconds, that nothing explains. A span without children that serves no request or message says itself
 * what it is: a query, a call of a system without spans, a step. Its time is explained.
 */
export function unexplainedUs(
  span: Parameters<typeof gapsOf>[0] & Pick<Span, 'kind'>,
  children: readonly Timed[],
): number {
  const serves = span.kind === 'SERVER' || span.kind === 'CONSUMER';
  if (children.length === 0 && !serves) return 0;
  const gaps = gapsOf(span, children).map(({ fromUs, untilUs }) => untilUs - fromUs);
  return Math.max(0, ...gaps);
}

/** The same for each of these spans, whose children are among them. */
export function unexplainedTimes(spans: readonly Span[]): { span: Span; longestUs: number }[] {
  const children = Map.groupBy(spans, ({ traceId, parentId }) => `${traceId} ${parentId}`);
  return spans.map((span) => ({
    span,
    longestUs: unexplainedUs(span, children.get(`${span.traceId} ${span.id}`) ?? []),
  }));
}
