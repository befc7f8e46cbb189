import { CommandError } from '@sockshop/cli';
import { existsSync } from 'node:fs';
import type { Range } from './addresses.ts';
import { runProgram, succeeds } from './run-program.ts';

/** The network namespace of the node. */
const NAMESPACE = 'sock-shop-node';
const NAMESPACE_FILE = `/run/netns/${NAMESPACE}`;
/** The ends of the cable between the node and this machine: 15 letters at most. */
const NODE_END = 'shop-node';
const MACHINE_END = 'shop-machine';

/** What stands before a command that is to run in the node's network. `ip netns exec` would mount another /sys, without cgroups. */
export const IN_NODE: readonly string[] = ['nsenter', `--net=${NAMESPACE_FILE}`];

/** In the namespace: forwarding, and iptables for what crosses the pods' bridge. */
const SETTINGS = [
  'net/ipv4/ip_forward',
  'net/ipv4/conf/all/route_localnet',
  'net/ipv6/conf/all/forwarding',
  'net/bridge/bridge-nf-call-iptables',
  'net/bridge/bridge-nf-call-ip6tables',
];

/**
 * The network of the node: a namespace of its own with a cable to this machine, and no way further. @param known the namespace was made by
 * this cluster
 */
export async function layNetwork(ranges: readonly Range[], known: boolean): Promise<void> {
  if (existsSync(NAMESPACE_FILE) && !known)
    throw new CommandError(
      `Another cluster runs on this machine: ${NAMESPACE_FILE} is there. One machine has one node.`,
    );
  if (!existsSync(NAMESPACE_FILE)) {
    await runProgram('ip', ['netns', 'add', NAMESPACE]);
    await runProgram('ip', [
      ...['link', 'add', MACHINE_END, 'type', 'veth', 'peer', 'name', NODE_END],
      ...['netns', NAMESPACE],
    ]);
  }
  await inNode('ip', ['link', 'set', 'lo', 'up']);
  await inNode('ip', ['link', 'set', NODE_END, 'up']);
  await runProgram('ip', ['link', 'set', MACHINE_END, 'up']);
  for (const { version, node, machine, cable } of ranges) {
    const at = [`-${version}`, 'address', 'replace'];
    const flags = version === 6 ? ['nodad'] : []; // no one else is on the cable
    await inNode('ip', [...at, `${node}/${cable}`, 'dev', NODE_END, ...flags]);
    await runProgram('ip', [...at, `${machine}/${cable}`, 'dev', MACHINE_END, ...flags]);
    await inNode('ip', [`-${version}`, 'route', 'replace', 'default', 'via', machine]);
  }
  const files = SETTINGS.map((name) => `/proc/sys/${name}`).join(' ');
  await inNode('sh', ['-c', `for each in ${files}; do [ ! -e $each ] || echo 1 > $each; done`]);
}

/** Both ends of the cable go with it. */
export async function removeNetwork(): Promise<void> {
  if (existsSync(NAMESPACE_FILE)) await runProgram('ip', ['netns', 'delete', NAMESPACE]);
}

export function inNode(program: string, args: readonly string[]): Promise<string> {
  const [enter = '', ...words] = [...IN_NODE, program, ...args];
  return runProgram(enter, words);
}

const CHAIN = 'SOCK-SHOP-POLICIES';
/** Packets of new connections of pods wait in this queue until the evaluator of NetworkPolicies has decided. */
export const POLICY_QUEUE = 100;

/** Sends new connections of pods to the queue. By iptables: nftables needs a queue that some kernels lack. */
export async function queueConnections(ranges: readonly Range[]): Promise<void> {
  for (const { version, pods } of ranges) {
    const program = version === 6 ? 'ip6tables' : 'iptables';
    const rule = (...words: string[]) => inNode(program, ['-w', '-t', 'mangle', ...words]);
    const [enter = '', ...words] = IN_NODE;
    if (await succeeds(enter, [...words, program, '-w', '-t', 'mangle', '-n', '-L', CHAIN]))
      continue;
    const queue = ['-j', 'NFQUEUE', '--queue-num', `${POLICY_QUEUE}`, '--queue-bypass'];
    await rule('-N', CHAIN);
    await rule(
      ...['-A', CHAIN, '-m', 'conntrack', '--ctstate', 'ESTABLISHED,RELATED'],
      '-j',
      'RETURN',
    );
    // The node's own connections, such as the kubelet's probes.
    await rule(...['-A', CHAIN, '-m', 'owner', '--uid-owner', '0', '-j', 'RETURN']);
    await rule('-A', CHAIN, '-s', pods, ...queue);
    await rule('-A', CHAIN, '-d', pods, ...queue);
    await rule('-A', 'POSTROUTING', '-j', CHAIN);
    // To the node itself, such as the API server.
    await rule('-A', 'INPUT', '-s', pods, '-m', 'conntrack', '--ctstate', 'NEW', ...queue);
  }
}
