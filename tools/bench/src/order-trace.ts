import { CookieJar } from '@sockshop/loadtest';
import type { Step } from '@sockshop/measure';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { z } from 'zod';
import type { BenchShop } from './bench-shop.ts';
import { add, ORDER, signUp } from './journeys.ts';
import type { OrderTrace } from './result.ts';

const Spans = z.array(
  z.looseObject({
    id: z.string(),
    kind: z.string().optional(),
    tags: z.record(z.string(), z.string()).default({}),
  }),
);
/** Spans are sent once a second: a trace that has not grown for so long is whole. */
const QUIET_MS = 3000;
const POLL_MS = 250;

/** Places one order of these socks and counts the spans of its trace, once it is shipped. */
export async function orderTrace(bench: BenchShop, socks: readonly string[]): Promise<OrderTrace> {
  const { shop } = bench;
  const since = new Date();
  const jar = new CookieJar();
  const username = `bench-trace-${socks.length}-${since.getTime()}`;
  let traceId = '';
  for (const step of [...signUp(username), ...socks.map(add), ORDER])
    traceId = await send(shop.url, step, jar);
  await bench.shipped(since);
  const traces = shop.part(shop.way === 'embedded' ? 'traces (Zipkin API)' : 'zipkin').url ?? '';
  const text = await wholeTrace(`${traces.replace(/\/$/, '')}/api/v2/trace/${traceId}`);
  const spans = Spans.parse(JSON.parse(text));
  const count = (is: (span: z.infer<typeof Spans>[number]) => boolean): number =>
    spans.filter(is).length;
  return {
    way: shop.way,
    lines: socks.length,
    spans: spans.length,
    httpHops: count(({ kind, tags }) => kind === 'CLIENT' && 'http.request.method' in tags),
    storeCommands: count(({ tags }) => 'db.system.name' in tags || 'db.system' in tags),
    messages: count(({ kind }) => kind === 'PRODUCER' || kind === 'CONSUMER'),
    bytes: Buffer.byteLength(text),
  };
}

/** Returns the id of the request's trace. @throws Error for a wrong status */
async function send(
  url: string,
  { method, path, json, expect }: Step,
  jar: CookieJar,
): Promise<string> {
  const { statusCode, headers, body } = await request(new URL(path, url), {
    method,
    headers: { ...jar.header(), ...(json !== undefined && { 'content-type': 'application/json' }) },
    body: json === undefined ? null : JSON.stringify(json),
  });
  await body.dump();
  if (statusCode !== expect.status) throw new Error(`${method} ${path} answered ${statusCode}`);
  jar.take(headers['set-cookie']);
  return String(headers['x-trace-id'] ?? '');
}

async function wholeTrace(url: string): Promise<string> {
  let text = '';
  let changedAt = performance.now();
  while (performance.now() - changedAt < QUIET_MS) {
    const { body } = await request(url);
    const now = await body.text();
    if (now.length !== text.length) changedAt = performance.now();
    text = now;
    await sleep(POLL_MS);
  }
  return text;
}
