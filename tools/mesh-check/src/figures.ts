/** One line of the report. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  readonly right: boolean;
}

export function figure(what: string, value: string | number, right = true): Figure {
  return { what, value: String(value), right };
}

export function none(what: string, count: number, of?: number): Figure {
  return figure(what, of === undefined ? count : `${count} of ${of}`, count === 0);
}

/**
 * Whether so many of `all` are what chance gives at this share: within 3.9 standard deviations, which one run of 10,000 misses.
 */
export function binomial(what: string, count: number, all: number, share: number): Figure {
  const mean = all * share;
  const margin = Math.ceil(3.9 * Math.sqrt(all * share * (1 - share)));
  const [least, most] = [Math.max(0, Math.ceil(mean - margin)), Math.floor(mean + margin)];
  const value = `${count} of ${all} (${((100 * count) / all).toFixed(1)} %; by chance ${least} to ${most})`;
  return figure(what, value, count >= least && count <= most);
}
