import { MeshError } from './mesh-error.ts';
import type { Build, Limits, Processes } from './processes.ts';
import type { Request } from './requests.ts';
import { type ServiceMesh, worksOffQueue } from './service-mesh.ts';
import type { Say, Version } from './version.ts';

export async function scale(mesh: ServiceMesh, request: Request<'scale'>, say: Say): Promise<void> {
  const version = request.version === undefined ? mesh.main : mesh.version(request.version);
  const more = request.instances - version.size;
  if (more > 0) await version.grow(more, say);
  else if (more < 0) await version.shrink(-more, say);
  say(`${version.name}: ${count(version.size, 'instance')}`);
}

export async function resize(
  mesh: ServiceMesh,
  processes: Processes,
  request: Request<'resize'>,
  say: Say,
): Promise<void> {
  const version = request.version === undefined ? mesh.main : mesh.version(request.version);
  const before = version.limits;
  const limits = changed(before, request);
  const problem = processes.limitsProblem(limits, version.build);
  if (problem !== undefined) throw new MeshError(409, problem);
  version.limits = limits;
  try {
    await version.replaceAll(say);
  } catch (error) {
    version.limits = before;
    throw error;
  }
}

function changed(before: Limits, { memoryMiB, cpu }: Request<'resize'>): Limits {
  const of = <T>(now: T | null | undefined, then: T | undefined): T | undefined =>
    now === undefined ? then : (now ?? undefined);
  return { memoryMiB: of(memoryMiB, before.memoryMiB), cpu: of(cpu, before.cpu) };
}

export async function deploy(
  mesh: ServiceMesh,
  request: Request<'deploy'>,
  say: Say,
): Promise<void> {
  const { version, instances } = request;
  await mesh.addVersion(version, { build: buildOf(request), instances }, say);
  say(
    worksOffQueue(mesh.service)
      ? `${version} takes its part of the messages: versions of ${mesh.name} share them by their number of instances`
      : `${version}: 0 % of the requests`,
  );
}

export async function canary(
  mesh: ServiceMesh,
  request: { readonly version: string; readonly share: number },
  say: Say,
): Promise<void> {
  const version = oneOfTwo(mesh, request.version);
  await mesh.setShare(version, request.share);
  say(`${version.name}: ${request.share} % of the requests`);
}

/** It takes over with as many instances as the other one has. */
export async function promote(
  mesh: ServiceMesh,
  request: Request<'promote'>,
  say: Say,
): Promise<void> {
  const version = oneOfTwo(mesh, request.version);
  const other = version === mesh.stable ? mesh.candidate : mesh.stable;
  if (other && other.size > version.size) await version.grow(other.size - version.size, say);
  await mesh.only(version, say);
}

export async function rollback(mesh: ServiceMesh, say: Say): Promise<void> {
  if (!mesh.candidate)
    throw new MeshError(
      409,
      `${mesh.name} has only ${mesh.stable.name}: there is nothing to roll back`,
    );
  await mesh.only(mesh.stable, say);
}

export async function ab(mesh: ServiceMesh, request: Request<'ab'>, say: Say): Promise<void> {
  if ('off' in request) {
    await mesh.setVariant(undefined);
    say('all requests go by the shares again');
    return;
  }
  const { service, version: name, ...how } = request;
  const version = mesh.version(name);
  if (version === mesh.stable)
    throw new MeshError(
      409,
      `${service}'s ${name} gets all other requests: name the newer version`,
    );
  await mesh.setShare(version, 0);
  const variant =
    'cookie' in how ? { version: name, cookie: how.cookie } : { version: name, header: how.header };
  await mesh.setVariant(variant);
  const what = 'cookie' in how ? `cookie ${how.cookie}` : `header ${how.header}`;
  say(`requests with the ${what} go to ${name}, all others to ${mesh.stable.name}`);
}

export async function limit(mesh: ServiceMesh, { perSecond }: Request<'limit'>, say: Say) {
  await mesh.setLimit(perSecond ?? undefined);
  say(perSecond === null ? 'no limit' : `${perSecond} requests a second from one client`);
}

export async function breaker(mesh: ServiceMesh, request: Request<'breaker'>, say: Say) {
  if ('off' in request) {
    await mesh.setBreaker(undefined);
    say('no circuit breaker');
    return;
  }
  const { errors, holdSeconds, requests } = request;
  const given = {
    ...(errors !== undefined && { errors }),
    ...(holdSeconds !== undefined && { holdSeconds }),
    ...(requests !== undefined && { requests }),
  };
  await mesh.setBreaker(given);
  const words = [
    errors === undefined ? '' : `opens after ${errors} errors in a row`,
    requests === undefined ? '' : `refuses more than ${requests} requests at once`,
  ];
  say(`the circuit breaker ${words.filter(Boolean).join(' and ')}`);
}

/** Instance by instance: one of the new version starts and takes over its part of the requests, then one of the old ends. */
export async function upgrade(
  mesh: ServiceMesh,
  request: Request<'upgrade'>,
  say: Say,
): Promise<void> {
  const old = mesh.stable;
  if (mesh.candidate)
    throw new MeshError(
      409,
      `${mesh.name} has ${old.name} and ${mesh.candidate.name}: promote one of them or roll back first`,
    );
  const all = old.size;
  const next = await mesh.addVersion(
    request.version,
    { build: buildOf(request), instances: 1 },
    say,
  );
  try {
    for (let done = 1; ; done++) {
      await mesh.setShare(next, Math.round((100 * done) / all));
      say(`${done} of ${all}: ${next.name}`);
      if (done === all) break;
      await old.removeOldest(say);
      await next.add(say);
    }
  } catch (error) {
    await old.grow(all - old.size, say);
    await mesh.only(old, say);
    throw new MeshError(500, `${reason(error)}. ${old.name} is back.`, { cause: error });
  }
  await mesh.only(next, say);
}

/** @throws MeshError where there is nothing to share the requests with */
export function oneOfTwo(mesh: ServiceMesh, name: string): Version {
  const version = mesh.version(name);
  if (mesh.candidate) return version;
  throw new MeshError(409, `${mesh.name} has only ${name}: deploy another version first`);
}

export function buildOf({
  set = {},
  dir,
  image,
}: Pick<Request<'deploy'>, 'set' | 'dir' | 'image'>): Build {
  return { set, dir, image };
}

export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
