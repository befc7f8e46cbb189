import { CommandError } from '@sockshop/cli';
import { startTraceStore } from '@sockshop/embedded/trace-store';
import { startZookeeper } from '@sockshop/servers';
import { readTrace, traceTree } from '@sockshop/trace-tree';
import { inSpan, Tracing, tracingConfig } from '@sockshop/tracing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Instances } from './instances.ts';
import { GREET } from './methods.ts';
import { OngoingCalls } from './ongoing-calls.ts';
import type { RpcChainOptions } from './options.ts';
import { Program } from './program.ts';
import { Registry } from './registry.ts';

const TAGS = ['rpc.method', 'rpc.status_code', 'server.port', 'code.function.name'];

/** Starts all, calls, prints, and ends all again. */
export async function runChain(options: RpcChainOptions): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'rpc-chain-'));
  const ends: (() => unknown)[] = [() => rm(dir, { recursive: true })];
  try {
    await chain(options, dir, (end) => ends.unshift(end));
  } finally {
    for (const end of ends) await end();
  }
}

async function chain(
  { name, calls, greetingPort, helloPort }: RpcChainOptions,
  dir: string,
  atEnd: (end: () => unknown) => void,
): Promise<void> {
  const zookeeper = await startZookeeper({ dir: join(dir, 'zookeeper'), say: console.log });
  atEnd(() => zookeeper.stop());
  const zipkin = tracingConfig(process.env).zipkinUrl ?? (await ownTraceStore(atEnd));
  const env = { ...process.env, ZOOKEEPER_URL: zookeeper.url, ZIPKIN: zipkin };
  const start = async (service: string, port: number): Promise<Program> => {
    const program = await Program.start(service, { ...env, PORT: String(port) });
    atEnd(() => program.stop());
    return program;
  };
  const first = await start('hello-service', helloPort);
  const second = await start('greeting-service', greetingPort);

  const tracing = await Tracing.start('client', tracingConfig({ ...process.env, ZIPKIN: zipkin }));
  atEnd(() => tracing.shutdown());
  const registry = await Registry.connect(zookeeper.url);
  atEnd(() => {
    registry.close();
  });
  const greeting = await Instances.of(tracing, registry, 'greeting-service');
  atEnd(() => {
    greeting.close();
  });

  const { traceId, words } = await tracedCall(tracing, greeting, name);
  await tracing.flush();
  console.log(`\n${words}\n\nTrace ${traceId}`);
  console.log(`${traceTree(await readTrace(zipkin, traceId), TAGS)}\n`);
  if (calls === 0) return;
  for (const program of [first, second]) program.silence();
  await changeInstances(
    greeting,
    name,
    calls,
    async () => {
      (await start('hello-service', 0)).silence();
    },
    () => first.stop(),
  );
}

/** A call below a span of the client's own, as of a program that does more than this. */
function tracedCall(
  tracing: Tracing,
  greeting: Instances,
  name: string,
): Promise<{ traceId: string; words: string }> {
  return inSpan(tracing, 'greet', {}, async (span) => {
    const { words } = await greeting.call(GREET, { name });
    return { traceId: span.spanContext().traceId, words };
  });
}

/** While calls go on, a second hello-service joins, and the first one leaves. */
async function changeInstances(
  greeting: Instances,
  name: string,
  calls: number,
  join: () => Promise<unknown>,
  leave: () => Promise<unknown>,
): Promise<void> {
  const going = new OngoingCalls(() => greeting.call(GREET, { name }));
  await going.more(calls);
  await join();
  await going.more(calls);
  await leave();
  await going.more(calls);
  await going.stop();
  const { made, failed } = going;
  console.log(`${made} calls while an instance joined and another one left: ${failed} failed`);
  if (failed > 0) throw new CommandError('Calls failed.');
}

async function ownTraceStore(atEnd: (end: () => unknown) => void): Promise<string> {
  const store = await startTraceStore({ port: 0 });
  atEnd(() => store.close());
  return `${store.url}/api/v2/spans`;
}
