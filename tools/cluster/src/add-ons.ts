import { makePrivateFolder } from '@sockshop/supervisor';
import { readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Range } from './addresses.ts';
import { PAUSE } from './containerd.ts';
import { NODE } from './kubelet.ts';
import type { Kubectl } from './kubectl.ts';
import { ADD_ONS_DIR } from './paths.ts';

/** The shop's five data stores, and room for a second claim of each. */
const VOLUMES = 12;

/** Names of Services. @param program CoreDNS on this machine */
export async function addDns(
  kubectl: Kubectl,
  [first]: readonly [Range, ...Range[]],
  program: string,
): Promise<void> {
  const yaml = await addOn('dns', {
    DNS: first.dns,
    PAUSE: `docker.io/library/${PAUSE}`,
    PROGRAM: basename(program),
    PROGRAMS: dirname(program),
  });
  await kubectl.apply(yaml);
}

/** A default storage class, and volumes of it, emptied where their claim was deleted. */
export async function addVolumes(kubectl: Kubectl, dir: string): Promise<void> {
  await kubectl.apply(await addOn('storage-class', {}));
  const { items } = await kubectl.get<VolumeList>(['persistentvolumes']);
  const released = items.filter(({ status }) => status.phase === 'Released');
  for (const { metadata, spec } of released) {
    await kubectl.run(['delete', 'persistentvolume', metadata.name]);
    await rm(spec.local.path, { recursive: true });
  }
  const volumes: string[] = [];
  for (let nth = 1; nth <= VOLUMES; nth++) {
    const path = join(dir, 'volumes', `${nth}`);
    makePrivateFolder(path);
    volumes.push(await addOn('volume', { NAME: `folder-${nth}`, PATH: path, NODE }));
  }
  await kubectl.apply(volumes.join('---\n'));
}

interface VolumeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly local: { readonly path: string } };
    readonly status: { readonly phase: string };
  }[];
}

/** `kubectl top`, and what HorizontalPodAutoscalers ask. */
export async function addMetrics(kubectl: Kubectl, { version, node }: Range): Promise<void> {
  await kubectl.apply(await addOn('metrics', { ADDRESS_TYPE: `IPv${version}`, ADDRESS: node }));
}

async function addOn(name: string, values: Readonly<Record<string, string>>): Promise<string> {
  const text = await readFile(join(ADD_ONS_DIR, `${name}.yaml`), 'utf8');
  return text.replaceAll(/\$\{(\w+)\}/g, (_all, key: string) => values[key] ?? '');
}
