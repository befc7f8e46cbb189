import { ROOT } from '@sockshop/measure';
import { join } from 'node:path';
import type { Engine } from './engine.ts';
import type { ServiceConfig } from './stack.ts';

type Services = Readonly<Record<string, ServiceConfig>>;

/** Builds what has a Dockerfile. @returns the images with their sizes */
export async function buildImages(
  engine: Engine,
  services: Services,
  keep: boolean,
): Promise<string> {
  const built = Object.values(services).filter(({ build }) => build);
  for (const { image, build } of built) {
    const there = keep && (await has(engine, image));
    if (build && !there) await engine.docker(...buildCommand(image, build));
  }
  const sizes = await Promise.all(
    built.map(async ({ image }) => {
      const bytes = Number(await engine.docker('image', 'inspect', '-f', '{{.Size}}', image));
      return `${image} ${(bytes / 1e6).toFixed(0)} MB`;
    }),
  );
  return sizes.join(', ');
}

/** Fetches or makes all others. @returns those that cannot be had */
export async function missingImages(engine: Engine, services: Services): Promise<Set<string>> {
  const missing = new Set<string>();
  const others = Object.values(services).filter(({ build }) => !build);
  for (const image of new Set(others.map((each) => each.image)))
    if (!(await engine.obtain(image))) missing.add(image);
  return missing;
}

async function has(engine: Engine, image: string): Promise<boolean> {
  return engine.docker('image', 'inspect', image).then(
    () => true,
    () => false,
  );
}

function buildCommand(
  image: string,
  { dockerfile, args = {}, target }: NonNullable<ServiceConfig['build']>,
): string[] {
  const variables = Object.entries(args).flatMap(([name, value]) => [
    '--build-arg',
    `${name}=${value}`,
  ]);
  const secrets = [
    ...(process.env['NPMRC'] === undefined ? [] : ['--secret', 'id=npmrc,env=NPMRC']),
    ...(process.env['COMPANY_CA'] === undefined ? [] : ['--secret', 'id=ca,env=COMPANY_CA']),
  ];
  const stage = target === undefined ? [] : ['--target', target];
  // The machine's own network: the base image may have been made with it, and the cache of builds is kept per kind.
  return [
    'build',
    '-q',
    '--network',
    'host',
    '-f',
    join(ROOT, dockerfile),
    ...variables,
    ...secrets,
    ...stage,
    '-t',
    image,
    ROOT,
  ];
}
