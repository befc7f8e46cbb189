import { readFileSync } from 'node:fs';
import { type IncomingMessage, Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';

/**
 * A build of orders that fails: FAULT is the share of its requests that it answers with 500, such as `5%`. With FAULT_DIR, a file there that
 * is named as the instance says what it does meanwhile: `500`, `hang`, or nothing.
 */
const SHARE = Number.parseFloat(process.env['FAULT'] ?? '0') / 100;
const FAULT_DIR = process.env['FAULT_DIR'];
const INSTANCE = /service\.instance\.id=([^,]+)/.exec(
  process.env['OTEL_RESOURCE_ATTRIBUTES'] ?? '',
)?.[1];
/** These stay right: an instance is found by its answers to requests. */
const PROBES = /^\/(?:health|livez|readyz|metrics)$/;

// The service's own server calls this for each request that it gets.
const original = Reflect.get(Server.prototype, 'emit') as (...args: unknown[]) => boolean;
Server.prototype.emit = function emitUnlessFaulty(this: Server, ...args: unknown[]): boolean {
  const [event, request, response] = args;
  if (event !== 'request') return original.apply(this, args);
  const fault = faultOf(request as IncomingMessage);
  if (fault === 'hang') return true;
  if (fault === undefined) return original.apply(this, args);
  const body = JSON.stringify({ title: 'Internal Server Error', status: 500, detail: 'a fault' });
  (response as ServerResponse)
    .writeHead(500, { 'content-type': 'application/problem+json' })
    .end(body);
  return true;
} as typeof Server.prototype.emit;

// By path: this program stands for a build of orders, and is no part of the workspace's own.
const built = async <T>(path: string): Promise<T> =>
  (await import(new URL(`../../../../${path}`, import.meta.url).href)) as T;
const { define } = await built<{ define: unknown }>('services/orders/dist/main.js');
const { runService } = await built<{
  runService: (name: string, define: unknown) => Promise<void>;
}>('libs/service/dist/index.js');
await runService('orders', define);

function faultOf({ url = '' }: IncomingMessage): '500' | 'hang' | undefined {
  if (PROBES.test(url)) return undefined;
  if (Math.random() < SHARE) return '500';
  const asked = FAULT_DIR === undefined ? '' : textOf(join(FAULT_DIR, INSTANCE ?? ''));
  return asked === '500' || asked === 'hang' ? asked : undefined;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // there is no fault
  }
}
