import { aligned } from '@sockshop/cli';
import { join } from 'node:path';
import type { Containerd } from './containerd.ts';
import { ALLOWED } from './edges.ts';
import { CheckFailedError } from './report.ts';
import { runProgram } from './run-program.ts';
import { NAMESPACE, type Shop } from './shop.ts';

/** Pods that are no part of the shop. */
const STRANGERS = 'strangers';
const MONITORING = 'monitoring';
const LOADTEST = 'loadtest';

/** Wrong edges that are named; the counts are of all. */
const SHOWN = 20;

interface Source {
  readonly name: string;
  readonly pid: number;
}

interface Target {
  readonly name: string;
  readonly address: string;
}

interface ServiceList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: {
      readonly clusterIP: string;
      readonly ports: readonly { readonly port: number; readonly protocol: string }[];
    };
  }[];
}

/**
 * Tries every edge from the network of a real pod: each part of the shop, and strangers, to each port of each Service, DNS and the
 * Kubernetes API.
 */
export async function everyEdge(shop: Shop, containerd: Containerd): Promise<string[]> {
  await addOutsiders(shop);
  const sources = await sourcesOf(shop, containerd);
  const targets = await targetsOf(shop);
  const opened = new Map<string, ReadonlySet<string>>();
  for (const { name, pid } of sources) opened.set(name, await reach(pid, targets));

  let allowed = 0;
  let denied = 0;
  const wrong: string[] = [];
  for (const { name: source } of sources)
    for (const { name: target } of targets) {
      const may = mayConnect(source, target);
      const did = opened.get(source)?.has(target) === true;
      if (may && did) allowed++;
      else if (!may && !did) denied++;
      else wrong.push(`${source} → ${target} is ${did ? 'open, and must not be' : 'shut'}`);
    }
  const all = sources.length * targets.length;
  const wanted = sources.flatMap(({ name: source }) =>
    targets.filter(({ name }) => mayConnect(source, name)),
  ).length;
  const lines = [
    ...matrix(sources, targets, opened).split('\n'),
    `allowed ${allowed} of ${wanted}, denied ${denied} of ${all - wanted}`,
  ];
  if (wrong.length > SHOWN) wrong.splice(SHOWN, Infinity, `… and ${wrong.length - SHOWN} more`);
  if (wrong.length > 0) throw new CheckFailedError([...lines, ...wrong]);
  return lines;
}

function mayConnect(source: string, target: string): boolean {
  if (!source.includes('/')) return ALLOWED[source]?.includes(target) === true;
  // No policy of the shop restricts what pods of other namespaces ask; the front-end is open to anyone.
  if (['front-end:80', 'dns:53', 'kubernetes:443'].includes(target)) return true;
  return source === `${MONITORING}/prometheus` && METRICS.includes(target);
}

/** What Prometheus reads. */
const METRICS = [
  ...['catalogue:80', 'carts:80', 'orders:80', 'payment:80', 'user:80', 'shipping:80'],
  ...['queue-master:80', 'rabbitmq:15692'],
];

async function addOutsiders(shop: Shop): Promise<void> {
  const pods = [
    { namespace: STRANGERS, name: 'stranger' },
    { namespace: MONITORING, name: 'prometheus' },
    { namespace: LOADTEST, name: 'load-test' },
  ];
  const objects = pods.flatMap(({ namespace, name }) => [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `edge-${name}`, namespace, labels: { name } },
      spec: {
        containers: [{ name: 'pause', image: 'docker.io/library/pause:3.10' }],
        terminationGracePeriodSeconds: 0,
      },
    },
  ]);
  await shop.kubectl.applyObjects(objects);
  for (const { namespace, name } of pods)
    await shop.kubectl.wait('condition=Ready', ['-n', namespace, `pod/edge-${name}`], 60);
}

async function sourcesOf(shop: Shop, containerd: Containerd): Promise<Source[]> {
  const sources = new Map<string, Source>();
  for (const namespace of [NAMESPACE, STRANGERS, MONITORING, LOADTEST])
    for (const pod of await shop.pods(undefined, namespace)) {
      const { metadata } = pod;
      const label = metadata.labels['name'] ?? metadata.name;
      const name = namespace === NAMESPACE ? label : `${namespace}/${label}`;
      const pid = await containerd.pidOf(pod);
      if (pid !== undefined) sources.set(name, { name, pid });
    }
  return [...sources.values()].sort((one, other) => one.name.localeCompare(other.name));
}

async function targetsOf(shop: Shop): Promise<Target[]> {
  const services = await shop.kubectl.get<ServiceList>(['services', '-n', NAMESPACE]);
  const own = services.items.flatMap(({ metadata, spec }) =>
    spec.ports
      .filter(() => spec.clusterIP !== 'None')
      .map(({ port }) => ({
        name: `${metadata.name}:${port}`,
        address: addressOf(spec.clusterIP, port),
      })),
  );
  const others = [
    { name: 'dns', service: ['kube-dns', '-n', 'kube-system'], port: 53 },
    { name: 'kubernetes', service: ['kubernetes', '-n', 'default'], port: 443 },
  ];
  const outside: Target[] = [];
  for (const { name, service, port } of others) {
    const { spec } = await shop.kubectl.get<ServiceList['items'][number]>(['service', ...service]);
    outside.push({ name: `${name}:${port}`, address: addressOf(spec.clusterIP, port) });
  }
  return [...own, ...outside];
}

function addressOf(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/** The targets that a process in the pod's network can connect to. */
async function reach(pid: number, targets: readonly Target[]): Promise<Set<string>> {
  const program = join(import.meta.dirname, 'connect-program.js');
  const said = await runProgram('nsenter', [
    ...[`--net=/proc/${pid}/ns/net`, process.execPath, program],
    ...targets.map(({ address }) => address),
  ]);
  const accepted = new Set(JSON.parse(said) as string[]);
  return new Set(targets.filter(({ address }) => accepted.has(address)).map(({ name }) => name));
}

/** A row for each source; `+` is an edge that is open. */
function matrix(
  sources: readonly Source[],
  targets: readonly Target[],
  opened: ReadonlyMap<string, ReadonlySet<string>>,
): string {
  const rows = sources.map(({ name }) => [
    name,
    targets
      .filter((target) => opened.get(name)?.has(target.name))
      .map((target) => target.name)
      .join(' ') || 'nothing',
  ]);
  return aligned([['from', 'to'], ...rows], 2);
}
