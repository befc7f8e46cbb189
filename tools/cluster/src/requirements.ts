import { CommandError } from '@sockshop/cli';
import { findProgram } from '@sockshop/servers';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CNI_PLUGINS } from './containerd.ts';
import { Engine } from './engine.ts';

/** Debian's package of each program that a node needs. */
const PACKAGES = {
  containerd: 'containerd',
  ctr: 'containerd',
  runc: 'runc',
  ip: 'iproute2',
  iptables: 'iptables',
  nsenter: 'util-linux',
} as const;

/** What any cluster needs. @throws CommandError that names all that is missing */
export async function requireForControlPlane(): Promise<void> {
  refuse(await missingPrograms());
}

/** What a node needs beside, and the engine with its images. @throws CommandError that names all that is missing */
export async function requireForNode(images: readonly string[]): Promise<Engine> {
  const missing = await missingPrograms();
  if (process.getuid?.() !== 0) missing.push('root: a node makes network namespaces and mounts');
  for (const [program, from] of Object.entries(PACKAGES))
    if (!(await findProgram([program]))) missing.push(`${program}: apt-get install ${from}`);
  if (!existsSync(join(CNI_PLUGINS, 'bridge')))
    missing.push(`${CNI_PLUGINS}/bridge: apt-get install containernetworking-plugins`);
  const engine = await Engine.find();
  const without = engine ? await engine.missing(images) : [];
  if (!engine) missing.push('a Docker engine that holds the images: DOCKER_HOST names it');
  if (without.length > 0)
    missing.push(
      `images of the engine: ${without.join(', ')} (tools/containers makes or builds them)`,
    );
  refuse(missing);
  if (!engine) throw new Error('unreachable'); // refused above
  return engine;
}

async function missingPrograms(): Promise<string[]> {
  const missing: string[] = [];
  if (process.platform !== 'linux') missing.push('Linux');
  if (!(await findProgram(['go']))) missing.push('go: Go 1.26, with which Kubernetes is built');
  if (!(await findProgram(['kubectl']))) missing.push('kubectl');
  if (!(await findProgram(['openssl']))) missing.push('openssl');
  return missing;
}

function refuse(missing: readonly string[]): void {
  if (missing.length === 0) return;
  throw new CommandError(`Kubernetes cannot run here. Missing:\n  ${missing.join('\n  ')}`);
}
