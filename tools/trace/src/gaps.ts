import type { Span } from './span.ts';

interface Gap {
  readonly fromUs: number;
  readonly untilUs: number;
}

type Timed = Pick<Span, 'startUs' | 'durationUs'>;

/** The times within a span that no child covers, in order. An event divides a gap: it says what happened there. */
export function gapsOf(
  span: Timed & { readonly events: readonly { readonly timeUs: number }[] },
  children: readonly Timed[],
): Gap[] {
  const endUs = span.startUs + span.durationUs;
  const covered = [
    ...children.map(({ startUs, durationUs }) => [startUs, startUs + durationUs] as const),
    ...span.events.map(({ timeUs }) => [timeUs, timeUs] as const),
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
