import { makePrivateFolder, type Say } from '@sockshop/supervisor';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Range } from './addresses.ts';
import { apiUrl, CONTROL_PLANE, startControlPlane } from './control-plane.ts';
import { writeIdentities } from './identities.ts';
import type { Kubectl } from './kubectl.ts';
import { Processes } from './processes.ts';
import { buildPrograms, KWOK, moduleFolder } from './programs.ts';

const API_PORT = 17443;
const ETCD_PORT = 13379;
const NODES = 3;
/** A claim that is deleted does not free its volume: five for each of the folders, and room for more. */
const VOLUMES = 120;

const LOOPBACK: Range = {
  version: 4,
  node: '127.0.0.1',
  machine: '127.0.0.1',
  cable: 8,
  pods: '10.0.0.0/16',
  services: '10.96.0.0/16',
  dns: '10.96.0.10',
};

/** What kwok plays: a node that is ready, and pods that start and complete at once. */
const STAGES = [
  'node/fast/node-initialize',
  'node/heartbeat-with-lease/node-heartbeat-with-lease',
  'pod/fast/pod-ready',
  'pod/fast/pod-complete',
  'pod/fast/pod-delete',
  'volume/fast/pv-bind',
];

/** A real control plane whose nodes and pods are simulated by kwok: it accepts, schedules and rolls out, and no container runs. */
export class SimulatedCluster {
  private readonly processes: Processes;

  constructor(private readonly dir: string) {
    this.processes = new Processes(join(dir, 'processes'));
  }

  async up(say: Say): Promise<Kubectl> {
    const { dir, processes } = this;
    const names = ['etcd', 'apiserver', 'controllers', 'scheduler', 'kwok'] as const;
    const programs = await buildPrograms(names, say);
    makePrivateFolder(dir);
    const identities = await writeIdentities(dir, apiUrl(LOOPBACK, API_PORT), 'node-1');
    const ranges = [LOOPBACK] as const;
    const plane = { dir, ranges, apiPort: API_PORT, etcdPort: ETCD_PORT, programs };
    const kubectl = await startControlPlane(plane, processes, identities);
    const stages = join(dir, 'stages.yaml');
    if (!existsSync(stages)) writeFileSync(stages, await stagesOfKwok());
    processes.start('kwok', programs.kwok, [
      ...['--config', stages, '--kubeconfig', identities.admin, '--manage-all-nodes=true'],
      ...['--cidr', '10.0.0.1/24', '--node-ip', '10.0.0.1', '--node-lease-duration-seconds=40'],
    ]);
    await kubectl.applyObjects(Array.from({ length: NODES }, (_, nth) => nodeOf(nth + 1)));
    await kubectl.applyObjects([STORAGE_CLASS, ...Array.from({ length: VOLUMES }, volumeOf)]);
    await kubectl.wait('condition=Ready', ['node', '--all'], 90);
    return kubectl;
  }

  async down(wipe: boolean): Promise<void> {
    for (const name of ['kwok', ...CONTROL_PLANE]) await this.processes.stop(name, 60_000);
    if (wipe) rmSync(this.dir, { recursive: true, force: true });
  }
}

const STORAGE_CLASS = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: {
    name: 'simulated',
    annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
  },
  provisioner: 'kubernetes.io/no-provisioner',
  reclaimPolicy: 'Retain',
};

function volumeOf(_nothing: unknown, nth: number) {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `volume-${nth}` },
    spec: {
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'simulated',
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path: '/nonexistent' }, // no container looks there
    },
  };
}

async function stagesOfKwok(): Promise<string> {
  const folder = join(await moduleFolder(KWOK.module, KWOK.sum), 'kustomize/stage');
  const texts = STAGES.map((name) => readFile(join(folder, `${name}.yaml`), 'utf8'));
  return (await Promise.all(texts)).join('\n---\n');
}

function nodeOf(nth: number) {
  const name = `node-${nth}`;
  const room = { cpu: '4', memory: '8Gi', pods: '110' };
  const labels = {
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'topology.kubernetes.io/zone': `zone-${nth}`,
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    status: { capacity: room, allocatable: room },
  };
}
