import { CommandError } from '@sockshop/cli';
import { ROOT } from '@sockshop/measure';
import { buildCollector, buildMongoStandIn, zipkinJar } from '@sockshop/servers';
import { join } from 'node:path';
import { call } from './call.ts';
import { composeClient } from './compose-client.ts';

const FOLDER = join(ROOT, 'tools/containers');
const OWN = join(ROOT, '.sockshop/containers');
const NAMESPACE = 'shoptest';

/** A Docker engine, its clients, and where the ports that it publishes are reached. */
export interface Engine {
  readonly docker: (...words: string[]) => Promise<string>;
  readonly compose: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly host: string;
  /** Words before a command that make its network the one of the engine's machine; undefined where that is another machine. */
  readonly onItsNetwork: readonly string[] | undefined;
  /** Whether the image is there, fetched or made. */
  readonly obtain: (image: string) => Promise<boolean>;
  readonly stop: () => Promise<void>;
}

/** @throws CommandError where there is none: what was not run is not claimed */
export async function findEngine({ standIns }: { standIns: boolean }): Promise<Engine> {
  const compose = composeClient();
  if (!compose)
    throw new CommandError(
      'No engine, no claim: there is no Docker Compose, and no Go to build it.',
    );
  const given = process.env['DOCKER_HOST'] ?? '';
  const engine = standIns && given === '' ? await ownEngine(compose) : await givenEngine(compose);
  return standIns ? { ...engine, obtain: await standInsOn(engine) } : engine;
}

async function givenEngine(compose: readonly string[]): Promise<Engine> {
  const engine = engineOf(compose, [process.env['DOCKER'] ?? 'docker'], {});
  await engine.docker('version', '--format', '{{.Server.Version}}').catch((error: unknown) => {
    throw new CommandError(
      `No engine, no claim: no Docker engine answers at DOCKER_HOST or the usual place.
On a Debian-like machine, root can run this test with --stand-ins (tools/containers/README.md).`,
      { cause: error },
    );
  });
  return engine;
}

function engineOf(
  compose: readonly string[],
  client: readonly string[],
  env: NodeJS.ProcessEnv,
): Engine {
  const docker = (...words: string[]) => call([...client, ...words], env);
  const host = env['SHOP_HOST'] ?? process.env['SHOP_HOST'] ?? '127.0.0.1';
  const there = (image: string) => succeeds(docker('image', 'inspect', image));
  return {
    docker,
    compose,
    env,
    host,
    onItsNetwork: host === '127.0.0.1' ? [] : undefined,
    obtain: async (image) => (await there(image)) || succeeds(docker('pull', '--quiet', image)),
    stop: () => Promise.resolve(),
  };
}

async function ownEngine(compose: readonly string[]): Promise<Engine> {
  const script = join(FOLDER, 'engine.sh');
  const said = await call([script, 'up', OWN, NAMESPACE]).catch((error: unknown) => {
    throw new CommandError('No engine, no claim: one of our own cannot be started.', {
      cause: error,
    });
  });
  const variables = [...said.matchAll(/(\w+)=(\S+)/g)];
  const env: NodeJS.ProcessEnv = {};
  for (const [, name = '', value] of variables) env[name] = value;
  return {
    ...engineOf(compose, ['/usr/bin/docker'], env),
    onItsNetwork: ['nsenter', `--net=/run/netns/${NAMESPACE}`],
    stop: async () => {
      await call([script, 'down', OWN, NAMESPACE]);
    },
  };
}

/** Makes what images.sh has a recipe for. */
async function standInsOn({ env }: Engine): Promise<Engine['obtain']> {
  const programs = {
    MONGO_STAND_IN: await buildMongoStandIn(say),
    COLLECTOR: await buildCollector(say),
    ZIPKIN_JAR: await zipkinJar(say),
  };
  const script = join(FOLDER, 'images.sh');
  return (image) => succeeds(call([script, image], { ...env, ...programs }));
}

function say(line: string): void {
  console.log(line);
}

async function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
