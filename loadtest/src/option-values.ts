import { InvalidArgumentError } from '@sockshop/cli';
import { JOURNEY_NAMES, type JourneyName, type Mixture } from './journeys.ts';
import type { Think } from './pace.ts';

export function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new InvalidArgumentError('Give an http or https URL, such as http://localhost:8080.');
}

export function shareOf(text: string): number {
  const value = Number(text);
  if (/^[\d.]+$/.test(text) && value <= 1) return value;
  throw new InvalidArgumentError('Give a share from 0 to 1, such as 0.1.');
}

/** A share in percent. */
export function percentOf(text: string): number {
  const [, number] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  const share = Number(number) / 100;
  if (share <= 1) return share;
  throw new InvalidArgumentError('Give a share in percent, such as 1%.');
}

export function durationOf(text: string): number {
  const ms = timeOf(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new InvalidArgumentError('Give a time with its unit up to 24d, such as 60s or 5m.');
}

export function thinkOf(text: string): Think {
  const [minMs, maxMs, ...more] = text.split('..').map(timeOf);
  if (minMs !== undefined && more.length === 0) {
    if (!text.includes('..')) return { meanMs: minMs };
    if (maxMs !== undefined && maxMs >= minMs) return { minMs, maxMs };
  }
  throw new InvalidArgumentError('Give 0, a mean such as 150ms, or a range such as 0..2s.');
}

const perSecond: Record<string, number> = { s: 1, m: 1 / 60, h: 1 / 3600 };

/** Per second; undefined where the text is no rate. */
export function rateOrNothing(text: string): number | undefined {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(?:\/(s|m|h))?$/.exec(text) ?? [];
  const rate = Number(number) * (perSecond[unit] ?? NaN);
  return rate <= 100_000 ? rate : undefined;
}

export function rateOf(text: string): number {
  const rate = rateOrNothing(text);
  if (rate !== undefined && rate > 0) return rate;
  throw new InvalidArgumentError('Give visits per second, minute or hour, such as 20/s or 90/m.');
}

/** `buy=5,browse=20`: all others are left out. */
export function mixtureOf(text: string): Mixture {
  const mixture: Partial<Record<JourneyName, number>> = {};
  for (const pair of text.split(',')) {
    const [, word, weight = '1'] = /^([\w-]+)(?:=(\d+(?:\.\d+)?))?$/.exec(pair.trim()) ?? [];
    const name = JOURNEY_NAMES.find((known) => known === word);
    if (name === undefined) {
      throw new InvalidArgumentError(
        `Give journeys with their weights, such as buy=5,browse=20, of: ${JOURNEY_NAMES.join(', ')}.`,
      );
    }
    mixture[name] = Number(weight);
  }
  if (Object.values(mixture).some((weight) => weight > 0)) return mixture;
  throw new InvalidArgumentError('Give a weight above 0 to one of them.');
}

/** Where a server listens. */
export interface Listener {
  readonly host: string;
  readonly port: number;
}

/** `9464`, `0.0.0.0:9464`, `[::]:9464`. */
export function listenerOf(text: string): Listener {
  const [, host = '127.0.0.1', port = ''] = /^(?:\[?([\w.:-]+?)\]?:)?(\d+)$/.exec(text) ?? [];
  if (port !== '' && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new InvalidArgumentError('Give a port from 0 to 65535, or an address and a port.');
}

/** The longest latency that a 95th percentile may have, of all requests, or of a journey or a route. */
export interface LatencyLimit {
  /** Undefined: all requests. */
  readonly of: string | undefined;
  readonly ms: number;
}

/** `300ms`, `buy=1s`, `POST /orders=500ms`; given again, it is one more. */
export function limitsOf(text: string, before: readonly LatencyLimit[] = []): LatencyLimit[] {
  const [, of, time = ''] = /^(?:(.+)=)?([^=]+)$/.exec(text) ?? [];
  const ms = timeOf(time);
  if (ms !== undefined && ms > 0) return [...before, { of, ms }];
  throw new InvalidArgumentError(
    'Give a time such as 300ms, or one of a journey or a route, such as buy=1s or "POST /orders=500ms".',
  );
}

const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** The longest wait of a Node timer. */
const longestMs = 2 ** 31 - 1;

/** A time with its unit in ms; only 0 needs none. */
export function timeOf(text: string): number | undefined {
  if (text === '0') return 0;
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(amount) * (unitMs[unit] ?? NaN);
  return ms <= longestMs ? ms : undefined;
}
