import { endOf, type Span } from './trace.ts';

/** Where a moment of the trace is drawn. Places are shares of the width, 0 to 1. */
export interface TimeScale {
  at: (us: number) => number;
  ticks: { us: number; at: number }[];
  /** Long times in which nothing begins or ends, drawn shorter than they are. */
  breaks: { from: number; to: number; us: number }[];
}

/** A pause shorter than this, or than this share of the trace, is drawn as long as it is. */
const longPauseUs = 500_000;
const longPause = 0.3;
/** Only where all the rest together is a smaller share of the trace: else there is no need. */
const restToHelp = 0.25;
const breakWidth = 0.12;
const tickEvery = 0.2;
/** Of a tick's text, on a small screen. Behind the last one there is room. */
const labelWidth = 0.18;

/**
 * An order is answered within milliseconds and shipped seconds later: on one even scale its spans would all be dots. So long pauses
 * are shortened, and drawn as such.
 */
export function timeScale(spans: readonly Span[]): TimeScale {
  const moments = [...new Set(spans.flatMap((span) => [span.startUs, endOf(span)]))];
  moments.sort((one, other) => one - other);
  const first = moments[0] ?? 0;
  const last = Math.max(moments.at(-1) ?? 0, first + 1);
  const pauses = pausesOf(moments, Math.max((last - first) * longPause, longPauseUs));
  const pausedUs = pauses.reduce((sum, { from, to }) => sum + to - from, 0);
  const restUs = last - first - pausedUs;
  const helps = restUs > 0 && restUs < (last - first) * restToHelp;
  const shortened = helps ? pauses : [];
  const perUs = (1 - shortened.length * breakWidth) / (helps ? restUs : last - first);

  const at = (us: number): number => {
    let place = (Math.min(Math.max(us, first), last) - first) * perUs;
    for (const { from, to } of shortened) {
      const inside = Math.min(Math.max(us - from, 0), to - from);
      place += (inside / (to - from)) * breakWidth - inside * perUs;
    }
    return Math.min(1, Math.max(0, place));
  };
  return {
    at,
    breaks: shortened.map(({ from, to }) => ({ from: at(from), to: at(to), us: to - from })),
    ticks: ticksOf(first, last, tickEvery / perUs, at, shortened),
  };
}

interface Pause {
  from: number;
  to: number;
}

function pausesOf(moments: readonly number[], atLeastUs: number): Pause[] {
  return moments
    .slice(1)
    .map((to, index) => ({ from: moments[index] ?? to, to }))
    .filter(({ from, to }) => to - from >= atLeastUs);
}

/** At round times, no two closer together than is readable, and none in a shortened pause. */
function ticksOf(
  first: number,
  last: number,
  aboutUs: number,
  at: TimeScale['at'],
  shortened: readonly Pause[],
): TimeScale['ticks'] {
  const stepUs = roundStep(aboutUs);
  const ticks = [{ us: 0, at: 0 }];
  const ends = [...shortened.map(({ from }) => from), last];
  const starts = [first, ...shortened.map(({ to }) => to)];
  starts.forEach((start, index) => {
    const end = ends[index] ?? last;
    for (let us = roundUp(start - first, stepUs); first + us <= end; us += stepUs) {
      const place = at(first + us);
      const close =
        place - (ticks.at(-1)?.at ?? 0) < tickEvery * 0.45 ||
        shortened.some((pause) => place <= at(pause.from) && at(pause.from) - place < labelWidth);
      if (!close) ticks.push({ us, at: place });
    }
  });
  return ticks;
}

function roundUp(us: number, stepUs: number): number {
  return Math.ceil(us / stepUs) * stepUs;
}

/** 1, 2 or 5 times a power of ten. */
function roundStep(us: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(us, 1)));
  const factor = [1, 2, 5].find((times) => times * power >= us) ?? 10;
  return factor * power;
}
