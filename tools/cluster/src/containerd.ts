import { makePrivateFolder } from '@sockshop/supervisor';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Range } from './addresses.ts';
import type { Engine } from './engine.ts';
import type { Processes } from './processes.ts';
import { runProgram, succeeds } from './run-program.ts';
import type { Pod } from './shop.ts';
import { until } from './until.ts';

/** Holds a pod's namespaces open; it also carries CoreDNS, whose program is mounted from this machine. */
export const PAUSE = 'pause:3.10';

/** The container runtime of the node, with its data, images and sockets in the cluster's folder. */
export class Containerd {
  readonly socket: string;
  readonly podNetworks: string;

  constructor(private readonly dir: string) {
    this.socket = join(dir, 'containerd.sock');
    this.podNetworks = join(dir, 'cni');
  }

  async start(ranges: readonly Range[], processes: Processes): Promise<void> {
    makePrivateFolder(this.podNetworks);
    const config = join(this.dir, 'containerd.toml');
    writeFileSync(config, this.config());
    writeFileSync(join(this.podNetworks, '10-shop.conflist'), this.podNetwork(ranges));
    processes.start('containerd', 'containerd', ['--config', config]);
    const log = processes.logOf('containerd');
    await until(`containerd (${log})`, () => succeeds('ctr', this.ctr('version')), 30_000);
  }

  /** Copies images of the engine that the node does not have yet in this form. */
  async import(images: readonly string[], engine: Engine): Promise<string[]> {
    const imported: string[] = [];
    for (const image of images) {
      const id = await engine.idOf(image);
      const mark = join(this.dir, `image-${image.replaceAll(/[/:]/g, '_')}`);
      if ((await readFile(mark, 'utf8').catch(() => '')) === id) continue;
      const save = spawn(engine.client, ['save', image], { stdio: ['ignore', 'pipe', 'inherit'] });
      const load = spawn('ctr', this.ctr('images', 'import', '-'), {
        stdio: [save.stdout, 'ignore', 'inherit'],
      });
      const codes = await Promise.all([once(save, 'exit'), once(load, 'exit')]);
      if (codes.some(([code]) => code !== 0)) throw new Error(`${image} cannot be imported`);
      await writeFile(mark, id);
      imported.push(image);
    }
    return imported;
  }

  /** The process of a pod's running container on this machine. */
  async pidOf({ status }: Pod): Promise<number | undefined> {
    const [, id] = (status.containerStatuses?.[0]?.containerID ?? '').split('//');
    if (id === undefined) return undefined;
    const lines = await this.list('tasks', 'list');
    const line = lines.find((each) => each.startsWith(id));
    const pid = Number(line?.split(/\s+/)[1]);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  }

  /** Ends the containers that the kubelet has left, and forgets them. */
  async removeContainers(): Promise<void> {
    const tasks = await this.list('tasks', 'list', '-q');
    for (const id of tasks) await this.quietly('tasks', 'kill', '-s', 'KILL', '-a', id);
    for (const id of tasks) await this.quietly('tasks', 'delete', '-f', id);
    for (const id of await this.list('containers', 'list', '-q'))
      await this.quietly('containers', 'delete', id);
  }

  private async list(...words: string[]): Promise<string[]> {
    const said = await runProgram('ctr', this.ctr(...words)).catch(() => ''); // it does not run
    return said.split('\n').filter(Boolean);
  }

  private quietly(...words: string[]): Promise<boolean> {
    return succeeds('ctr', this.ctr(...words));
  }

  private ctr(...words: string[]): string[] {
    return ['--address', this.socket, '--namespace', 'k8s.io', ...words];
  }

  private config(): string {
    return `version = 2
root = "${this.dir}/containerd"
state = "${this.dir}/containerd-state"
oom_score = 0
[grpc]
  address = "${this.socket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${this.dir}/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "docker.io/library/${PAUSE}"
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${CNI_PLUGINS}"
    conf_dir = "${this.podNetworks}"
`;
  }

  private podNetwork(ranges: readonly Range[]): string {
    const everywhere = ranges.map(({ version }) => ({ dst: version === 6 ? '::/0' : '0.0.0.0/0' }));
    const bridge = {
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      ipam: {
        type: 'host-local',
        dataDir: join(this.dir, 'pod-addresses'),
        ranges: ranges.map(({ pods }) => [{ subnet: pods }]),
        routes: everywhere,
      },
    };
    const ports = { type: 'portmap', capabilities: { portMappings: true } };
    return JSON.stringify({ cniVersion: '0.4.0', name: 'shop', plugins: [bridge, ports] });
  }
}

/** Debian's folder of the network plug-ins. */
export const CNI_PLUGINS = '/usr/lib/cni';

/** What the folder still has mounted, the innermost first. */
export function mountsBelow(dir: string): string[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${dir}/`))
    .sort()
    .reverse();
}
