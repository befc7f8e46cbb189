import { join } from 'node:path';
import { hostOf, type Range } from './addresses.ts';
import { FRONT_PROXY, frontProxy, type Identities } from './identities.ts';
import { Kubectl } from './kubectl.ts';
import type { Processes } from './processes.ts';
import { until } from './until.ts';

/** A minute on a quiet machine with two cores is ten times of what it takes. */
const START_MS = 180_000;

export interface ControlPlane {
  readonly dir: string;
  readonly ranges: readonly [Range, ...Range[]];
  readonly apiPort: number;
  readonly etcdPort: number;
  readonly programs: Readonly<Record<'etcd' | 'apiserver' | 'controllers' | 'scheduler', string>>;
}

/** In the order in which they end. */
export const CONTROL_PLANE = ['scheduler', 'controllers', 'apiserver', 'etcd'] as const;

/** Starts etcd, the API server, the controllers and the scheduler; ready once the API server says so. */
export async function startControlPlane(
  { dir, ranges, apiPort, etcdPort, programs }: ControlPlane,
  processes: Processes,
  { tokens, serviceAccountKey, admin }: Identities,
): Promise<Kubectl> {
  const [first] = ranges;
  const at = (port: number): string => `http://127.0.0.1:${port}`;
  processes.start('etcd', programs.etcd, [
    ...['--data-dir', join(dir, 'etcd'), '--unsafe-no-fsync'], // the data of a test
    ...['--listen-client-urls', at(etcdPort), '--advertise-client-urls', at(etcdPort)],
    ...['--listen-peer-urls', at(etcdPort + 1), '--initial-advertise-peer-urls', at(etcdPort + 1)],
    ...['--initial-cluster', `default=${at(etcdPort + 1)}`],
  ]);
  const proxy = await frontProxy(dir);
  const certs = join(dir, 'certs');
  processes.start('apiserver', programs.apiserver, [
    ...['--etcd-servers', at(etcdPort), '--secure-port', `${apiPort}`, '--cert-dir', certs],
    ...['--bind-address', first.node, '--advertise-address', first.node],
    ...['--token-auth-file', tokens, '--authorization-mode', 'Node,RBAC', '--allow-privileged'],
    ...['--enable-admission-plugins', 'NodeRestriction'],
    ...['--service-account-key-file', serviceAccountKey],
    ...['--service-account-signing-key-file', serviceAccountKey],
    ...['--service-account-issuer', 'https://kubernetes.default.svc'],
    ...['--service-cluster-ip-range', ranges.map(({ services }) => services).join(',')],
    ...['--kubelet-preferred-address-types', 'InternalIP'],
    ...['--requestheader-client-ca-file', proxy.ca, '--requestheader-allowed-names', FRONT_PROXY],
    ...['--requestheader-username-headers', 'X-Remote-User'],
    ...['--requestheader-group-headers', 'X-Remote-Group'],
    ...['--requestheader-extra-headers-prefix', 'X-Remote-Extra-'],
    ...['--proxy-client-cert-file', proxy.cert, '--proxy-client-key-file', proxy.key],
  ]);
  const kubectl = new Kubectl(admin);
  await until(`the API server (${processes.logOf('apiserver')})`, () => kubectl.ready(), START_MS);
  const usual = ['--kubeconfig', admin, '--leader-elect=false', '--bind-address', '127.0.0.1'];
  processes.start('controllers', programs.controllers, [
    ...[...usual, '--use-service-account-credentials'],
    ...['--service-account-private-key-file', serviceAccountKey],
    ...['--root-ca-file', join(certs, 'apiserver.crt')],
    ...['--horizontal-pod-autoscaler-sync-period', '5s'], // 15 s by default
    ...['--horizontal-pod-autoscaler-cpu-initialization-period', '30s'], // 5 minutes by default
  ]);
  processes.start('scheduler', programs.scheduler, usual);
  return kubectl;
}

/** Where the API server is, in words of a URL. */
export function apiUrl(range: Range, port: number): string {
  return `https://${hostOf(range)}:${port}`;
}
