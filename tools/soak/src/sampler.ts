import { memoryByName } from '@sockshop/measure';
import { readdirSync } from 'node:fs';
import { MetricsText } from './metrics-text.ts';

/** The processes of a shop, and where each of them reports its own figures. */
export interface Watched {
  /** By name. */
  processes(): ReadonlyMap<string, number>;
  /** Base URL of each service, the front-end first. `process` is the name of the process that it runs in. */
  services(): readonly { readonly name: string; readonly process: string; readonly url: string }[];
}

/** Of one process. What only Node's own processes report is absent for servers. */
export interface ProcessSample {
  readonly pid: number;
  readonly rssKiB: number;
  readonly pssKiB: number;
  /** Open file descriptors, sockets included. */
  readonly files: number;
  readonly heapBytes?: number | undefined;
  /** Buffers and what else objects hold outside of the heap. */
  readonly outsideBytes?: number | undefined;
  /** Collections of the whole heap so far. */
  readonly collections?: number | undefined;
  readonly handles?: number | undefined;
  /** Delay of the event loop since the sample before, in ms. */
  readonly loopP99Ms?: number | undefined;
  readonly loopMaxMs?: number | undefined;
}

export interface Sample {
  readonly atMs: number;
  readonly processes: Readonly<Record<string, ProcessSample>>;
  /** Answered by the front-end so far. */
  readonly requests: number;
  /** Placed so far. */
  readonly orders: number;
  /** Messages sent that no consumer has been given. */
  readonly queued: number;
}

const SCRAPE_WITHIN_MS = 20_000;

/** Reads everything once. A service that does not answer has no figures of its own in this sample. */
export async function sample(watched: Watched, atMs: number = Date.now()): Promise<Sample> {
  const texts = new Map<string, MetricsText>();
  const own = new Map<string, MetricsText>();
  // One after the other: services of one process share its figures, and reading the event loop's delay begins a new one.
  for (const { name, process, url } of watched.services()) {
    const text = await scrape(url);
    if (!text) continue;
    texts.set(name, text);
    if (!own.has(process)) own.set(process, text);
  }
  const pids = watched.processes();
  const memory = memoryByName(pids);
  const processes: Record<string, ProcessSample> = {};
  for (const [name, pid] of pids) {
    const { rss, pss } = memory.get(name) ?? { rss: 0, pss: 0 };
    processes[name] = {
      ...{ pid, rssKiB: rss, pssKiB: pss, files: filesOf(pid) },
      ...figuresOf(own.get(name)),
    };
  }
  const all = [...texts.values()];
  const sum = (name: string): number =>
    all.reduce((total, each) => total + (each.sum(name) ?? 0), 0);
  const placed = {
    http_request_method: 'POST',
    http_route: '/orders',
    http_response_status_code: '201',
  };
  const answers = 'http_server_request_duration_seconds_count';
  return {
    atMs,
    processes,
    requests: texts.get('front-end')?.sum(answers) ?? 0,
    orders: texts.get('orders')?.sum(answers, placed) ?? 0,
    queued:
      sum('messaging_client_sent_messages_total') - sum('messaging_client_consumed_messages_total'),
  };
}

async function scrape(url: string): Promise<MetricsText | undefined> {
  try {
    const response = await fetch(`${url}/metrics`, {
      signal: AbortSignal.timeout(SCRAPE_WITHIN_MS),
    });
    return response.ok ? new MetricsText(await response.text()) : undefined;
  } catch {
    return undefined;
  }
}

function figuresOf(text: MetricsText | undefined): Partial<ProcessSample> {
  if (!text) return {};
  const ms = (seconds: number | undefined): number | undefined =>
    seconds === undefined ? undefined : seconds * 1000;
  return {
    heapBytes: text.sum('nodejs_heap_size_used_bytes'),
    outsideBytes: text.sum('nodejs_external_memory_bytes'),
    collections: text.sum('nodejs_gc_duration_seconds_count', { kind: 'major' }),
    handles: text.sum('nodejs_active_handles_total'),
    loopP99Ms: ms(text.sum('nodejs_eventloop_lag_p99_seconds')),
    loopMaxMs: ms(text.sum('nodejs_eventloop_lag_max_seconds')),
  };
}

function filesOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0; // it ended
  }
}
