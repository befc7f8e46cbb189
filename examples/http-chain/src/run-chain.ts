import { CommandError } from '@sockshop/cli';
import { startTraceStore } from '@sockshop/embedded/trace-store';
import { freePort, launch } from '@sockshop/supervisor';
import { readTrace, traceTree } from '@sockshop/trace-tree';
import { tracingConfig } from '@sockshop/tracing';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import type { HttpChainOptions } from './options.ts';

const TAGS = ['mvc.controller.class', 'mvc.controller.method', 'user-name'];

/** Starts all, makes a request, prints, and ends all again. */
export async function runChain(options: HttpChainOptions): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'http-chain-'));
  const ends: (() => unknown)[] = [() => rm(dir, { recursive: true })];
  try {
    await chain(options, dir, (end) => ends.unshift(end));
  } finally {
    for (const end of ends) await end();
  }
}

async function chain(
  { ports: wanted, delays, user, keep }: HttpChainOptions,
  dir: string,
  atEnd: (end: () => unknown) => void,
): Promise<void> {
  const zipkin = tracingConfig(process.env).zipkinUrl ?? (await ownTraceStore(atEnd));
  const ports = await Promise.all(
    wanted.map((port) => (port === 0 ? freePort() : Promise.resolve(port))),
  );
  const names = ports.map((_, at) => `service${at + 1}`);
  await Promise.all(
    names.map(async (name, at) => {
      const env = {
        ZIPKIN: zipkin,
        PORT: String(ports[at]),
        DELAY_MS: String(delays[at]),
        NEXT_URL: `http://127.0.0.1:${ports[at + 1]}`,
      };
      const { stop } = await launch({
        name,
        ...programOf(name),
        env,
        dir,
        ready: listens(name, dir),
      });
      atEnd(stop);
    }),
  );

  const url = `http://localhost:${ports[0]}/service1`;
  const response = await fetch(url, {
    headers: { baggage: `user-name=${encodeURIComponent(user)}` },
  });
  const answer = await response.text();
  const traceId = response.headers.get('x-trace-id') ?? '';
  if (!response.ok) throw new CommandError(`${url} answered ${response.status}: ${answer}`);
  const spans = await readTrace(zipkin, traceId);
  for (const name of names) process.stdout.write(await logOf(name, dir));
  console.log(`\n${answer}\n\nTrace ${traceId}\n${traceTree(spans, TAGS)}`);
  if (!keep) return;
  console.log(`\nRuns until Ctrl-C: curl -H 'baggage: user-name=Bob' ${url}`);
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
}

function programOf(name: string): { command: string; args: string[] } {
  const { dir, ext } = parse(import.meta.filename);
  return { command: process.execPath, args: [join(dir, `${name}${ext}`)] };
}

function listens(name: string, dir: string): () => Promise<boolean> {
  return async () => (await logOf(name, dir)).includes('"message":"listening"');
}

function logOf(name: string, dir: string): Promise<string> {
  return readFile(join(dir, `${name}.log`), 'utf8');
}

async function ownTraceStore(atEnd: (end: () => unknown) => void): Promise<string> {
  const store = await startTraceStore({ port: 0 });
  atEnd(() => store.close());
  return `${store.url}/api/v2/spans`;
}
