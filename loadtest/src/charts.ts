import { escaped } from './escape.ts';

/** A line of a chart. */
export interface Series {
  readonly name: string;
  /** A class of the style sheet, which has its colour for light and dark. */
  readonly look: string;
  /** Undefined: nothing is known of that stretch, and the line has a gap. */
  readonly values: readonly (number | undefined)[];
}

export interface Chart {
  readonly title: string;
  readonly unit: string;
  /** Each step up is a multiple; for what spans from milliseconds to seconds. */
  readonly logarithmic?: boolean;
  readonly series: readonly Series[];
  /** Of all points together, in s. */
  readonly seconds: number;
}

/** Units of the drawing; it is stretched to the width of the page, its lines are not. */
const width = 1000;
const height = 100;

/** The drawing is SVG; the words beside it are HTML, so that they have the same size on each screen. */
export function chart({ title, unit, logarithmic = false, series, seconds }: Chart): string {
  const all = series.flatMap(({ values }) => values.filter((value) => value !== undefined));
  const scale = logarithmic ? logScale(all) : evenScale(all);
  const lines = series
    .map(({ values, look }) => `<path class="line ${look}" d="${path(values, scale.place)}"/>`)
    .join('');
  const grid = scale.ticks
    .map((tick) => `<path class="grid" d="M0 ${y(scale.place(tick))}H${width}"/>`)
    .join('');
  const labels = scale.ticks.map(
    (tick) => `<span class="tick" style="bottom:${percent(scale.place(tick))}">${tick}</span>`,
  );
  const times = timeTicks(seconds).map(
    (at) => `<span class="time" style="left:${percent(at / seconds)}">${timeText(at)}</span>`,
  );
  const key = series.map(({ name, look }) => `<li><i class="${look}"></i>${escaped(name)}</li>`);
  const peaks = series.map(({ name, values }) => {
    const most = Math.max(0, ...values.filter((value) => value !== undefined));
    return `${name} at most ${Number(most.toFixed(1))} ${unit}`;
  });
  return `<figure class="panel">
<figcaption><h2>${escaped(title)}</h2><span class="muted">${escaped(unit)}</span><ul>${key.join('')}</ul></figcaption>
<div class="plot">
<svg role="img" aria-label="${escaped(`${title}: ${peaks.join(', ')}`)}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">${grid}${lines}</svg>
${labels.join('')}${times.join('')}
</div>
</figure>`;
}

interface Scale {
  readonly ticks: readonly number[];
  /** 0 at the bottom, 1 at the top. */
  readonly place: (value: number) => number;
}

function evenScale(values: readonly number[]): Scale {
  const most = Math.max(...values, 0);
  const step = niceStep(most / 4);
  const top = Math.max(Math.ceil(most / step), 1) * step;
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) =>
    Number((index * step).toPrecision(6)),
  );
  return { ticks, place: (value) => value / top };
}

/** 1, 2 or 5 times a power of ten, and at least the value. */
function niceStep(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}

function logScale(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0);
  const bottom = Math.floor(Math.log10(Math.min(...positive, 1000)));
  const top = Math.max(Math.ceil(Math.log10(Math.max(...positive, 1))), bottom + 1);
  const decades = Array.from({ length: top - bottom + 1 }, (_, index) =>
    Number((10 ** (bottom + index)).toPrecision(6)),
  );
  const place = (value: number): number =>
    value <= 0 ? 0 : Math.max((Math.log10(value) - bottom) / (top - bottom), 0);
  return { ticks: decades, place };
}

function path(values: Series['values'], place: Scale['place']): string {
  let drawing = '';
  let pen: 'M' | 'L' = 'M';
  for (const [index, value] of values.entries()) {
    if (value === undefined) {
      pen = 'M';
      continue;
    }
    const x = Number((((index + 0.5) / values.length) * width).toFixed(1));
    // A point between two gaps is a short line, else it could not be seen.
    const alone = pen === 'M' && values[index + 1] === undefined ? 'h2' : '';
    drawing += `${pen}${x} ${y(place(value))}${alone}`;
    pen = 'L';
  }
  return drawing;
}

function y(place: number): number {
  return Number(((1 - place) * height).toFixed(2));
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}

function timeTicks(seconds: number): number[] {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400];
  const step = steps.find((each) => seconds / each <= 6) ?? Math.ceil(seconds / 6);
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
}

function timeText(seconds: number): string {
  if (seconds === 0) return '0';
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  if (seconds % 60 === 0) return `${seconds / 60} min`;
  return `${seconds} s`;
}
