import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Kubectl } from './kubectl.ts';
import { KUBERNETES_DIR } from './paths.ts';
import { until } from './until.ts';

export const NAMESPACE = 'sock-shop';
/** Of the shop: each is a Deployment. */
export const SERVICES = [
  ...(['front-end', 'catalogue', 'carts', 'orders'] as const),
  ...(['payment', 'user', 'shipping', 'queue-master'] as const),
] as const;

/** A rollout of all takes one to two minutes on two quiet cores. */
const ROLLOUT_SECONDS = 900;

export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly containerID?: string }[];
  };
}

/** The shop in a cluster. */
export class Shop {
  constructor(readonly kubectl: Kubectl) {}

  /** Waits until every workload has the pods it asks for, all ready. */
  async rolledOut(namespace = NAMESPACE): Promise<void> {
    const kinds = 'deployment,statefulset,daemonset';
    const names = await this.run(['get', kinds, '-o', 'name'], namespace);
    for (const name of names.split('\n').filter(Boolean))
      await this.run(['rollout', 'status', name, `--timeout=${ROLLOUT_SECONDS}s`], namespace);
  }

  /** Starts all pods of a service anew, as an upgrade does, and waits for the last. */
  async restart(service: string): Promise<void> {
    await this.run(['rollout', 'restart', `deployment/${service}`]);
    await this.run(['rollout', 'status', `deployment/${service}`, `--timeout=${ROLLOUT_SECONDS}s`]);
  }

  async scale(service: string, replicas: number): Promise<void> {
    await this.run(['scale', `deployment/${service}`, `--replicas=${replicas}`]);
    await this.run(['rollout', 'status', `deployment/${service}`, `--timeout=${ROLLOUT_SECONDS}s`]);
    await until(
      `${replicas} pods of ${service}`,
      async () => (await this.pods(service)).length === replicas,
      120_000,
    );
  }

  /** Those that are not being deleted. @param name of the label `name`; without it, all */
  async pods(name?: string, namespace = NAMESPACE): Promise<Pod[]> {
    const which = name === undefined ? [] : ['-l', `name=${name}`];
    const { items } = await this.kubectl.get<{ items: Pod[] }>(['pods', '-n', namespace, ...which]);
    return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  /** How many events of the namespace say so. */
  async events(words: string): Promise<number> {
    const { items } = await this.kubectl.get<{ items: { message?: string; count?: number }[] }>([
      ...['events', '-n', NAMESPACE],
    ]);
    return items
      .filter(({ message = '' }) => message.includes(words))
      .reduce((sum, { count = 1 }) => sum + count, 0);
  }

  /** The URL of a Service on this machine, as long as `work` runs. */
  async forwarded<T>(service: string, port: number, work: (url: string) => Promise<T>): Promise<T> {
    const child = spawn(
      'kubectl',
      [
        ...['--kubeconfig', this.kubectl.kubeconfig, '-n', NAMESPACE],
        ...['port-forward', `service/${service}`, `:${port}`],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const closed = once(child, 'close');
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const forwarding = /Forwarding from 127\.0\.0\.1:(\d+)/;
    try {
      await until(`port-forward of ${service}`, () => forwarding.test(said), 30_000);
      return await work(`http://127.0.0.1:${forwarding.exec(said)?.[1] ?? ''}`);
    } finally {
      child.kill();
      await closed;
    }
  }

  run(args: readonly string[], namespace = NAMESPACE): Promise<string> {
    return this.kubectl.run(['-n', namespace, ...args]);
  }
}

/** A folder of `deploy/kubernetes`, such as `base` or `overlays/production`. */
export function folderOf(overlay: string): string {
  return join(KUBERNETES_DIR, overlay);
}
