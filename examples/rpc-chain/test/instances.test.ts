import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { startZookeeper, type RunningServer } from '@sockshop/servers';
import { RunningProcess, until } from '@sockshop/testing';
import { zookeeper } from '@sockshop/testing/real-servers';
import { Tracing } from '@sockshop/tracing';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Instances } from '../src/instances.ts';
import { HELLO } from '../src/methods.ts';
import { OngoingCalls } from '../src/ongoing-calls.ts';
import { Registry } from '../src/registry.ts';
import { RpcServer } from '../src/rpc-server.ts';

const PROGRAM = join(import.meta.dirname, '../dist/hello-service.js');

zookeeper.suite('instances of a service come and go while calls go on, and none fails', () => {
  let dir: string;
  let own: RunningServer;
  let tracing: Tracing;
  let registry: Registry;
  let going: OngoingCalls | undefined;
  let ends: (() => unknown)[] = [];

  /** A ZooKeeper of this suite's own, because a test stops it. */
  const start = async (port?: number): Promise<RunningServer> =>
    startZookeeper({ dir: join(dir, 'zookeeper'), ...(port !== undefined && { port }) });

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'rpc-chain-'));
    delete process.env['ZOOKEEPER_URL'];
    own = await start();
    tracing = await Tracing.start('client');
    registry = await Registry.connect(own.url);
  });
  afterEach(async () => {
    await going?.stop(); // the last instance must not leave while it is called
    for (const end of ends.reverse()) await end();
    ends = [];
  });
  afterAll(async () => {
    registry.close();
    await own.stop();
    await rm(dir, { recursive: true });
  });

  /** An instance that answers with its own name. */
  const instance = async (service: string, name: string): Promise<RpcServer> => {
    const answer = (): Promise<{ words: string }> => Promise.resolve({ words: name });
    const served = { service, method: HELLO, handler: 'HelloService.hello', answer };
    return RpcServer.start(tracing, registry, served, 0);
  };

  const callsOf = async (
    service: string,
  ): Promise<{ calls: OngoingCalls; heard: Set<string>; instances: Instances }> => {
    const instances = await Instances.of(tracing, registry, service);
    const heard = new Set<string>();
    const calls = new OngoingCalls(async () => {
      heard.add((await instances.call(HELLO, { name: 'Ann' })).words);
    });
    ends.push(() => {
      instances.close();
    });
    going = calls;
    return { calls, heard, instances };
  };

  it('when one joins and the other one leaves', async () => {
    const service = randomUUID();
    const first = await instance(service, 'first');
    const { calls, heard } = await callsOf(service);
    await calls.more(20);
    expect([...heard]).toEqual(['first']);
    const second = await instance(service, 'second');
    ends.push(() => second.leave());
    await until(() => heard.has('second'));
    await first.leave();
    heard.clear();
    await calls.more(20);
    expect([...heard]).toEqual(['second']);
    expect(calls.failed).toBe(0);
  });

  it('when one is killed', async () => {
    const env = { PORT: '0', ZOOKEEPER_URL: own.url };
    const [first, second] = [
      new RunningProcess([PROGRAM], { env }),
      new RunningProcess([PROGRAM], { env }),
    ];
    ends.push(() => second.stop());
    await Promise.all([first.said(/listening/), second.said(/listening/)]);
    const { calls, instances } = await callsOf('hello-service');
    await until(() => [first, second].every(({ output }) => output.includes('answered')));
    await first.stop('SIGKILL');
    await until(() => instances.addresses.length === 1); // its session has ended
    await calls.more(20);
    expect(calls.failed).toBe(0);
  });

  it('when ZooKeeper itself is unavailable, and instances that leave or join are seen once it is back', async () => {
    const service = randomUUID();
    const first = await instance(service, 'first');
    const second = await instance(service, 'second');
    const { calls, heard } = await callsOf(service);
    await until(() => heard.size === 2);
    await own.stop();
    await calls.more(50);
    own = await start(own.port);
    const third = await instance(service, 'third');
    ends.push(
      () => third.leave(),
      () => second.leave(),
    );
    await until(() => heard.has('third'));
    await first.leave();
    heard.clear();
    await calls.more(50);
    expect([...heard].sort()).toEqual(['second', 'third']);
    expect(calls.failed).toBe(0);
  });
});
