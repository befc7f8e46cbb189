import { language } from '../storefront/i18n/text.ts';

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
  return `${number(perSecond * 60, 0)}/min`;
}

/** Three significant digits, or fewer: `0.42 ms`, `4.2 ms`, `420 ms`, `1.26 s`. */
export function duration(ms: number): string {
  if (ms < 0.995) return `${number(ms, 2)} ms`;
  if (ms < 9.95) return `${number(ms, 1)} ms`;
  if (ms < 999.5) return `${number(ms, 0)} ms`;
  if (ms < 99_950) return `${number(ms / 1000, ms < 9995 ? 2 : 1)} s`;
  return `${number(ms / 60_000, 1)} min`;
}

/** Like `0%`, `0.4%`, `12%`; never 0 for a few of many. */
export function share(part: number): string {
  const percent = part * 100;
  if (percent === 0) return '0%';
  if (percent < 0.1) return '<0.1%';
  return `${number(percent, percent < 9.95 ? 1 : 0)}%`;
}

/** The time of day, on the viewer's clock. */
export function clock(ms: number): string {
  return new Date(ms).toLocaleTimeString(locale, { hour12: false });
}
