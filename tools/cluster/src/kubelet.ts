import { makePrivateFolder } from '@sockshop/supervisor';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Range } from './addresses.ts';
import type { Processes } from './processes.ts';

export const NODE = 'shop-node';

/** The control group of all pods, in each hierarchy of version 1. */
const GROUP = 'sock-shop-node';
const SHARES_OF_A_PROCESS = 1024;
/** Of a shop that runs twice over. */
const PODS = 30;
const HIERARCHIES = '/sys/fs/cgroup';

/** What a kubelet sets on the machine, below /proc/sys. */
const MACHINE_SETTINGS = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
];

interface Kubelet {
  readonly dir: string;
  readonly ranges: readonly Range[];
  readonly program: string;
  readonly kubeconfig: string;
  readonly socket: string;
}

/** Starts the kubelet, which registers the node. */
export function startKubelet(kubelet: Kubelet, processes: Processes): void {
  const { dir, ranges, program, kubeconfig } = kubelet;
  keepMachineSettings(dir);
  makeGroups();
  for (const name of ['pod-logs', 'volume-plugins']) makePrivateFolder(join(dir, name));
  writeFileSync(join(dir, 'resolv.conf'), ''); // nothing outside the cluster has a name
  const config = join(dir, 'kubelet.json'); // it accepts JSON as well as YAML
  writeFileSync(config, JSON.stringify(configOf(kubelet), undefined, 2));
  processes.start('kubelet', program, [
    ...['--config', config, '--kubeconfig', kubeconfig, '--hostname-override', NODE],
    ...['--node-ip', ranges.map(({ node }) => node).join(',')],
    ...['--root-dir', join(dir, 'kubelet'), '--cert-dir', join(dir, 'kubelet/pki')],
    ...['--node-labels', 'topology.kubernetes.io/zone=zone-1', '-v', '1'],
  ]);
}

function configOf({ dir, ranges, socket }: Kubelet) {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: ranges[0]?.node,
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' }, // only this machine reaches the node
    containerRuntimeEndpoint: `unix://${socket}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${GROUP}`,
    failCgroupV1: false,
    failSwapOn: false,
    oomScoreAdj: 0,
    clusterDNS: ranges.map(({ dns }) => dns),
    clusterDomain: 'cluster.local',
    resolvConf: join(dir, 'resolv.conf'),
    podLogsDir: join(dir, 'pod-logs'),
    volumePluginDir: join(dir, 'volume-plugins'),
    // Nothing is evicted and no image removed because this machine's disk or memory is nearly full.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: {
      'memory.available': '0%',
      'nodefs.available': '0%',
      'nodefs.inodesFree': '0%',
      'imagefs.available': '0%',
    },
    enforceNodeAllocatable: ['pods'],
    shutdownGracePeriod: '0s',
  };
}

/** Of the first start, so that a second one does not keep what the kubelet has set. */
function keepMachineSettings(dir: string): void {
  const file = settingsFile(dir);
  if (existsSync(file)) return;
  const values = MACHINE_SETTINGS.filter((name) => existsSync(`/proc/sys/${name}`)).map((name) => [
    name,
    readFileSync(`/proc/sys/${name}`, 'utf8').trim(),
  ]);
  writeFileSync(file, JSON.stringify(values));
}

/** Puts back what the kubelet has set on the machine. */
export function restoreMachineSettings(dir: string): void {
  const file = settingsFile(dir);
  if (!existsSync(file)) return;
  for (const [name, value] of JSON.parse(readFileSync(file, 'utf8')) as [string, string][])
    // we wrote it
    writeFileSync(`/proc/sys/${name}`, value);
}

function settingsFile(dir: string): string {
  return join(dir, 'machine-settings.json');
}

function makeGroups(): void {
  for (const hierarchy of readdirSync(HIERARCHIES)) {
    const above = join(HIERARCHIES, hierarchy);
    const group = join(above, GROUP);
    if (!existsSync(join(above, 'tasks')) || existsSync(group)) continue;
    mkdirSync(group);
    for (const file of ['cpuset.cpus', 'cpuset.mems'])
      if (existsSync(join(group, file)))
        writeFileSync(join(group, file), readFileSync(join(above, file)));
    // To the scheduler a group is one process, however many are in it.
    if (existsSync(join(group, 'cpu.shares')))
      writeFileSync(join(group, 'cpu.shares'), `${SHARES_OF_A_PROCESS * PODS}`);
  }
}

/** The groups are empty once the containers have ended. */
export function removeGroups(): void {
  for (const hierarchy of readdirSync(HIERARCHIES)) {
    const group = join(HIERARCHIES, hierarchy, GROUP);
    if (existsSync(group)) removeTree(group);
  }
}

function removeTree(group: string): void {
  for (const entry of readdirSync(group, { withFileTypes: true }))
    if (entry.isDirectory()) removeTree(join(group, entry.name));
  try {
    rmdirSync(group);
  } catch {
    // A process is in it; the next start uses the group again.
  }
}
