import { command, Option, path, run } from '@sockshop/cli';
import { keepPrivate } from '@sockshop/supervisor';
import { join } from 'node:path';
import { everyExperimentAccepted, everyFolderAccepted } from './accepted.ts';
import { type Family, FAMILIES } from './addresses.ts';
import { restarted, scaled, shopped, startedQuietly, traced } from './base-checks.ts';
import { sharedByPods } from './canary-checks.ts';
import { circuitOpened } from './circuit-check.ts';
import { Containerd } from './containerd.ts';
import { Deployment } from './deployment.ts';
import { installDefinitions } from './definitions.ts';
import type { Engine } from './engine.ts';
import { limited, matched, promoted, shared } from './gateway-checks.ts';
import { Node, nodePortUrl } from './node.ts';
import { ROOT } from './paths.ts';
import { everyEdge } from './policy-checks.ts';
import { autoscaled, drained, podsDeleted } from './production-checks.ts';
import { buildPrograms, TRAEFIK_IMAGE } from './programs.ts';
import { Report } from './report.ts';
import { requireForControlPlane, requireForNode } from './requirements.ts';
import { Shop } from './shop.ts';
import { imagesOf } from './shop-images.ts';
import { SimulatedCluster } from './simulated.ts';

const PARTS = ['accepted', 'base', 'production', 'canary', 'gateway'] as const;
type Part = (typeof PARTS)[number];

const TEST = command('npm run test:kubernetes --')
  .description(
    `Applies every overlay to a real API server, then runs the shop in pods on this machine: shops, upgrades, scales, deletes and
drains pods under load, and tries every edge of the NetworkPolicies. Needs root, Go, containerd and a Docker engine with the images.`,
  )
  .addOption(new Option('--only <PART>', 'one part (default: all)').choices(PARTS))
  .addOption(
    new Option('--addresses <FAMILY>', 'of nodes, pods and services')
      .choices(FAMILIES)
      .default('ipv4' as const),
  )
  .option('--keep', 'leaves the cluster running; npm run cluster -- down --dir ends it')
  .addOption(
    new Option('--dir <DIR>', 'data and logs')
      .argParser(path)
      .default(join(ROOT, '.sockshop/test-kubernetes'), '.sockshop/test-kubernetes'),
  )
  .action(async ({ only, addresses, keep = false, dir }) => {
    const parts = only === undefined ? PARTS : [only];
    process.exitCode = await test(parts, addresses, keep, dir);
  });

/** The exit code. */
async function test(
  parts: readonly Part[],
  family: Family,
  keep: boolean,
  dir: string,
): Promise<number> {
  const report = new Report();
  if (parts.includes('accepted')) await accepted(report, join(dir, 'simulated'), keep);
  if (parts.some((part) => part !== 'accepted'))
    await onNode(parts, report, { family, keep, dir: join(dir, 'node') });
  return report.end();
}

async function accepted(report: Report, dir: string, keep: boolean): Promise<void> {
  await requireForControlPlane();
  const cluster = new SimulatedCluster(dir);
  try {
    const kubectl = await cluster.up(console.log);
    await everyFolderAccepted(kubectl, report);
    await everyExperimentAccepted(kubectl, report);
  } finally {
    if (!keep) await cluster.down(true);
  }
}

async function onNode(
  parts: readonly Part[],
  report: Report,
  { family, keep, dir }: { family: Family; keep: boolean; dir: string },
): Promise<void> {
  const images = await imagesOf('base');
  const engine = await requireForNode(images);
  const node = new Node(dir);
  try {
    const shop = new Shop(await node.up({ family, images }, engine, console.log));
    const containerd = new Containerd(dir);
    const deployment = new Deployment(shop, containerd, engine, dir);
    const on: OnNode = { shop, containerd, deployment, engine, url: nodePortUrl(family), dir };
    await deployment.remove(); // what an earlier run has kept
    const left = parts.filter((part) => part !== 'accepted');
    for (const [nth, part] of left.entries()) {
      await PARTS_ON_NODE[part](on, report);
      if (!keep || nth < left.length - 1) await deployment.remove();
    }
  } finally {
    if (!keep) await node.down(false);
  }
}

interface OnNode {
  readonly shop: Shop;
  readonly containerd: Containerd;
  readonly deployment: Deployment;
  readonly engine: Engine;
  readonly url: string;
  readonly dir: string;
}

const PARTS_ON_NODE = { base, production, canary, gateway } satisfies Record<
  Exclude<Part, 'accepted'>,
  (on: OnNode, report: Report) => Promise<void>
>;

async function base(on: OnNode, report: Report): Promise<void> {
  const { shop, containerd, deployment, url, dir } = on;
  if (!(await report.check('base runs in pods', () => deployment.apply('base')))) return;
  await report.check('no start-up probe fails', () => startedQuietly(shop));
  await report.check('a purchase through the node port', () => shopped(shop, url));
  await report.check('traces have their golden shapes', () => traced(shop, url));
  await report.check('NetworkPolicies', () => everyEdge(shop, containerd));
  await report.check('rolling restarts under load', () => restarted(shop, url, dir));
  await report.check('scaling under load', () => scaled(shop, url, dir));
}

async function production(on: OnNode, report: Report): Promise<void> {
  const { shop, deployment, url, dir } = on;
  const folder = 'overlays/production';
  if (!(await report.check('production runs in pods', () => deployment.apply(folder)))) return;
  await report.check('no start-up probe fails', () => startedQuietly(shop));
  await report.check('pods deleted under load', () => podsDeleted(shop, url, dir));
  await report.check('pods drained under load', () => drained(shop, url, dir));
  await report.check('autoscaling', () => autoscaled(shop, url, dir));
}

async function canary(on: OnNode, report: Report): Promise<void> {
  const { shop, containerd, deployment, url } = on;
  const folder = 'overlays/canary';
  if (!(await report.check('canary runs in pods', () => deployment.apply(folder)))) return;
  await report.check('a purchase', () => shopped(shop, url));
  await report.check('pods decide the share of a version', () => sharedByPods(shop, containerd));
}

async function gateway(on: OnNode, report: Report): Promise<void> {
  const { shop, deployment, engine, url, dir } = on;
  await installDefinitions(shop.kubectl);
  const { traefik } = await buildPrograms(['traefik'], console.log);
  await engine.importProgram(TRAEFIK_IMAGE, traefik);
  const folder = 'overlays/gateway';
  if (!(await report.check('gateway runs in pods', () => deployment.apply(folder)))) return;
  await report.check('a purchase through the gateway', () => shopped(shop, url));
  await report.check('weights decide the share of a version', () => shared(shop, url));
  await report.check('a header chooses a version', () => matched(shop, url));
  await report.check('a version gets all requests', () => promoted(shop, url, dir));
  await report.check('a client is limited', () => limited(url));
  await report.check('a circuit opens', () => circuitOpened(shop));
}

keepPrivate();
await run(TEST);
