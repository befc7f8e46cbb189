import type { BodyOf } from '../src/responses.ts';
import type { z } from 'zod';
import type { MeshState } from '../src/mesh/mesh-commands.ts';
import type { responses } from '../src/traces/trace-responses.ts';
import type { Trace, TraceLogs } from '../storefront/trace/trace.ts';

// Answers come from our own front-end, whose tests hold them against the schemas that these types are made from: that is the reason for
// each `as` here.

export type Config = BodyOf<typeof responses.settings>;
export type Traffic = BodyOf<typeof responses.traffic>;
export type Part = Traffic['services'][number];
export type PartKind = Part['kind'];
/** Calls from one part to another; to and from a broker: messages. */
export type Link = Traffic['edges'][number];
/** Requests, calls or messages of one kind, counted and measured. */
export type Figures = Traffic['requests'];
export type Route = Traffic['routes'][number];
/** Calls or messages of one name, from one part to another. */
export type Call = Traffic['calls'][number];
export type Mesh = z.output<typeof MeshState>;
export type Found = BodyOf<typeof responses.found>;

export interface TraceQuery {
  service: string;
  /** Of a call or message. */
  from: string;
  to: string;
  name: string;
  minDurationMs: string;
  error: boolean;
  user: string;
  sort: 'newest' | 'slowest';
}

/** No answer at all has status 0. */
export class ResponseError extends Error {
  override name = 'ResponseError';

  constructor(
    readonly status: number,
    options?: ErrorOptions,
  ) {
    super(`status ${status}`, options);
  }
}

/** Searches go back this far; stores that keep less answer with what they have. */
const lookbackS = 3600;
export const traceLimit = 50;

export async function getConfig(signal: AbortSignal): Promise<Config> {
  return (await get('/observatory/api/config', {}, signal)) as Config;
}

export async function getTraffic(windowS: number, signal: AbortSignal): Promise<Traffic> {
  return (await get('/observatory/api/traffic', { windowS }, signal)) as Traffic;
}

export async function findTraces(query: TraceQuery, signal: AbortSignal): Promise<Found> {
  const params = { ...query, lookbackS, limit: traceLimit };
  return (await get('/observatory/api/traces', params, signal)) as Found;
}

/** Rejects with status 404 for a trace that is not, or no longer, there. */
export async function getTrace(traceId: string, signal?: AbortSignal): Promise<Trace> {
  const path = `/observatory/api/traces/${encodeURIComponent(traceId)}`;
  return (await get(path, {}, signal)) as Trace;
}

export async function getTraceLogs(traceId: string): Promise<TraceLogs> {
  const path = `/observatory/api/traces/${encodeURIComponent(traceId)}/logs`;
  return (await get(path, {})) as TraceLogs;
}

/** The id under which traces carry this browser's customer; null for a guest. */
export async function getOwnId(): Promise<string | null> {
  const answer = (await get('/trace/me', {})) as { pseudoId?: string };
  return answer.pseudoId ?? null;
}

export async function getMesh(signal: AbortSignal): Promise<Mesh> {
  return (await get('/observatory/api/mesh', {}, signal)) as Mesh;
}

/** Undefined once the launcher has accepted it, else why it has not. */
export async function giveCommand(name: string, body: object): Promise<string | undefined> {
  const response = await fetch(`/observatory/api/mesh/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const answer = (await response.json()) as { message?: string };
  return response.ok ? undefined : (answer.message ?? String(response.status));
}

const timeoutMs = 15_000;

async function get(
  path: string,
  query: Record<string, string | number | boolean>,
  signal?: AbortSignal,
): Promise<unknown> {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== '' && value !== false) params.set(name, String(value));
  }
  const deadline = AbortSignal.timeout(timeoutMs);
  const options = { signal: signal ? AbortSignal.any([signal, deadline]) : deadline };
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(params.size > 0 ? `${path}?${params}` : path, options);
    body = response.ok ? await response.json() : undefined;
  } catch (cause) {
    throw new ResponseError(0, { cause });
  }
  if (!response.ok) throw new ResponseError(response.status);
  return body;
}
