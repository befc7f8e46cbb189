import { language, text } from '../storefront/i18n/text.ts';
import type { Figures, Traffic } from './api.ts';
import { errorShareOf } from './samples.ts';

const locale = language === 'zh' ? 'zh-Hans' : 'en';

function number(value: number, digits: number): string {
  return value.toLocaleString(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

export function count(value: number): string {
  return number(value, 0);
}

/** Like `3.2/s`; what is rarer than once a second by the minute. */
export function rate(perSecond: number): string {
  if (perSecond === 0) return '0/s';
  if (perSecond >= 0.95) return `${number(perSecond, perSecond < 99.5 ? 1 : 0)}/s`;
  const perMinute = perSecond * 60;
  return `${number(perMinute, perMinute < 0.95 ? 1 : 0)}/min`;
}

/** Three significant digits, or fewer: `0.42 ms`, `4.2 ms`, `420 ms`, `1.26 s`. */
export function duration(ms: number): string {
  if (ms < 0.995) return `${number(ms, 2)} ms`;
  if (ms < 9.95) return `${number(ms, 1)} ms`;
  if (ms < 999.5) return `${number(ms, 0)} ms`;
  if (ms < 99_950) return `${number(ms / 1000, ms < 9995 ? 2 : 1)} s`;
  if (ms < 2 * hourMs) return `${number(ms / 60_000, 1)} min`;
  if (ms < 48 * hourMs) return `${number(ms / hourMs, 1)} h`;
  return `${number(ms / (24 * hourMs), 0)} d`; // spans may have absurd times
}

const hourMs = 3_600_000;

/** Like `0%`, `0.4%`, `12%`; never 0 for a few of many. */
export function share(part: number): string {
  const percent = part * 100;
  if (percent === 0) return '0%';
  if (percent < 0.1) return '<0.1%';
  return `${number(percent, percent < 9.95 ? 1 : 0)}%`;
}

/** Like `0`, or `3 · 12%`. */
export function errorText(figures: Pick<Figures, 'count' | 'errors'>): string {
  if (figures.errors === 0) return '0';
  return `${count(figures.errors)} · ${share(errorShareOf(figures))}`;
}

/** The time of day, on the viewer's clock. */
export function clock(ms: number): string {
  return new Date(ms).toLocaleTimeString(locale, { hour12: false });
}

/** The time that figures are of. */
export function lastSeconds({ windowS, coveredS }: Pick<Traffic, 'windowS' | 'coveredS'>): string {
  const { lastSeconds: seconds, lastMinutes: minutes } = text.observatory;
  return coveredS < windowS * 0.95 ? seconds(Math.round(coveredS)) : minutes(windowS / 60);
}
