import { makePrivateFolder, type Say } from '@sockshop/supervisor';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addDns, addMetrics, addVolumes } from './add-ons.ts';
import { type Family, hostOf, type Range, rangesOf } from './addresses.ts';
import { Containerd, mountsBelow, PAUSE } from './containerd.ts';
import { apiUrl, CONTROL_PLANE, startControlPlane } from './control-plane.ts';
import type { Engine } from './engine.ts';
import { type Identities, writeIdentities } from './identities.ts';
import { Kubectl } from './kubectl.ts';
import { NODE, removeGroups, restoreMachineSettings, startKubelet } from './kubelet.ts';
import { IN_NODE, layNetwork, POLICY_QUEUE, queueConnections, removeNetwork } from './network.ts';
import { Processes } from './processes.ts';
import { buildPrograms } from './programs.ts';
import { runProgram, succeeds } from './run-program.ts';

const API_PORT = 16443;
const ETCD_PORT = 12379;

const PROGRAMS = [
  ...(['etcd', 'apiserver', 'controllers', 'scheduler', 'kubelet', 'kube-proxy'] as const),
  ...(['coredns', 'policies', 'metrics-server'] as const),
] as const;

/** Before the control plane, which they ask. */
const AGENTS = ['kubelet', 'kube-proxy', 'policies', 'metrics-server'] as const;

interface NodeOptions {
  readonly dir: string;
  readonly family: Family;
  readonly images: readonly string[];
}

/**
 * A cluster of one real node on this machine: the control plane, containerd, kubelet, kube-proxy, DNS, NetworkPolicies, volumes and
 * metrics, in a network namespace of their own.
 */
export class Node {
  private readonly processes: Processes;

  constructor(private readonly dir: string) {
    this.processes = new Processes(join(dir, 'processes'), IN_NODE);
  }

  /** Starts what does not run yet. */
  async up(
    { family, images }: Omit<NodeOptions, 'dir'>,
    engine: Engine,
    say: Say,
  ): Promise<Kubectl> {
    const { dir, processes } = this;
    const ranges = rangesOf(family);
    const [first] = ranges;
    const programs = await buildPrograms(PROGRAMS, say);
    makePrivateFolder(dir);
    await layNetwork(ranges, existsSync(this.mark));
    writeFileSync(this.mark, family);
    const identities = await writeIdentities(dir, apiUrl(first, API_PORT), NODE);
    const containerd = new Containerd(dir);
    await containerd.start(ranges, processes);
    const imported = await containerd.import([PAUSE, ...images], engine);
    if (imported.length > 0) say(`imported ${imported.join(', ')}`);
    const plane = { dir, ranges, apiPort: API_PORT, etcdPort: ETCD_PORT, programs };
    const kubectl = await startControlPlane(plane, processes, identities);
    const { socket } = containerd;
    const { kubelet: kubeconfig } = identities;
    startKubelet({ dir, ranges, program: programs.kubelet, kubeconfig, socket }, processes);
    this.startProxy(ranges, programs['kube-proxy'], identities);
    await addDns(kubectl, ranges, programs.coredns);
    await addVolumes(kubectl, dir);
    await this.startPolicies(ranges, programs.policies, identities);
    await addMetrics(kubectl, first);
    this.startMetrics(programs['metrics-server'], identities);
    await kubectl.wait('create', [`node/${NODE}`], 90);
    await kubectl.wait('condition=Ready', [`node/${NODE}`], 90);
    await kubectl.run(['-n', 'kube-system', 'rollout', 'status', 'deployment', '--timeout=120s']);
    return kubectl;
  }

  /** Ends all that `up` started, in order, and puts the machine back. @param wipe deletes data and images, too */
  async down(wipe: boolean): Promise<void> {
    const { dir, processes } = this;
    for (const name of AGENTS) await processes.stop(name);
    const containerd = new Containerd(dir);
    await containerd.removeContainers();
    for (const name of CONTROL_PLANE) await processes.stop(name, 60_000);
    await processes.stop('containerd');
    for (const path of mountsBelow(dir))
      if (!(await succeeds('umount', [path]))) await runProgram('umount', ['-l', path]);
    restoreMachineSettings(dir);
    if (existsSync(this.mark)) await removeNetwork();
    rmSync(this.mark, { force: true });
    removeGroups();
    if (wipe) rmSync(dir, { recursive: true, force: true });
  }

  /** A cluster of another family of addresses has other data. */
  private get mark(): string {
    return join(this.dir, 'network');
  }

  private startProxy(ranges: readonly Range[], program: string, { proxy }: Identities): void {
    const config = join(this.dir, 'kube-proxy.json');
    const wanted = JSON.stringify({
      apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
      kind: 'KubeProxyConfiguration',
      mode: 'iptables',
      clientConnection: { kubeconfig: proxy },
      hostnameOverride: NODE,
      clusterCIDR: ranges.map(({ pods }) => pods).join(','),
      bindAddress: ranges[0]?.node,
      metricsBindAddress: '127.0.0.1:10249',
      oomScoreAdj: 0,
      // The machine's own table of connections stays as it is.
      conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    });
    // It exits when its file is written, even with the same content.
    if (!this.processes.runs('kube-proxy')) writeFileSync(config, wanted);
    this.processes.start('kube-proxy', program, ['--config', config]);
  }

  private async startPolicies(
    ranges: readonly Range[],
    program: string,
    { admin }: Identities,
  ): Promise<void> {
    this.processes.start('policies', program, [
      ...['-kubeconfig', admin, '-node', NODE, '-queue', `${POLICY_QUEUE}`],
    ]);
    await queueConnections(ranges);
  }

  private startMetrics(program: string, { admin }: Identities): void {
    this.processes.start('metrics-server', program, [
      ...['--kubeconfig', admin, '--authentication-kubeconfig', admin],
      ...['--authorization-kubeconfig', admin, '--secure-port', '4443'],
      ...['--cert-dir', join(this.dir, 'metrics-certs'), '--kubelet-insecure-tls'],
      ...['--kubelet-preferred-address-types', 'InternalIP', '--metric-resolution', '15s'],
    ]);
  }
}

/** Where the shop of a node is, from this machine and from the node itself. */
export function nodePortUrl(family: Family, port = 30001): string {
  return `http://${hostOf(rangesOf(family)[0])}:${port}`;
}
