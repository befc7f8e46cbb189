import { command, Option, path, run } from '@sockshop/cli';
import { keepPrivate } from '@sockshop/supervisor';
import { join } from 'node:path';
import { FAMILIES } from './addresses.ts';
import { Node, nodePortUrl } from './node.ts';
import { ROOT } from './paths.ts';
import { requireForControlPlane, requireForNode } from './requirements.ts';
import { imagesOf } from './shop-images.ts';
import { SimulatedCluster } from './simulated.ts';

const DIR = join(ROOT, '.sockshop/cluster');
const SIMULATED_DIR = join(ROOT, '.sockshop/cluster-simulated');

const CLUSTER = command('npm run cluster --').description(
  'A real Kubernetes on this machine, built with Go: one node that runs containers, or a control plane alone.',
);

const dirOption = () =>
  new Option(
    '--dir <DIR>',
    'where its data are (default: .sockshop/cluster or cluster-simulated)',
  ).argParser(path);
const simulatedOption = () =>
  new Option(
    '--simulated',
    'a control plane whose nodes and pods are simulated: no container runs',
  );

CLUSTER.command('up')
  .description('starts it, and prints where it is')
  .addOption(simulatedOption())
  .addOption(
    new Option('--addresses <FAMILY>', 'of nodes, pods and services')
      .choices(FAMILIES)
      .default('ipv4' as const),
  )
  .addOption(dirOption())
  .action(async ({ simulated, addresses: family, dir }) => {
    if (simulated) {
      await requireForControlPlane();
      const kubectl = await new SimulatedCluster(dir ?? SIMULATED_DIR).up(console.log);
      console.log(`export KUBECONFIG=${kubectl.kubeconfig}`);
      return;
    }
    const images = await imagesOf('base');
    const engine = await requireForNode(images);
    const node = new Node(dir ?? DIR);
    const kubectl = await node.up({ family, images }, engine, console.log);
    console.log(`export KUBECONFIG=${kubectl.kubeconfig}`);
    console.log(`a shop's node port: ${nodePortUrl(family)}`);
  });

CLUSTER.command('down')
  .description('ends it, in order, and puts the machine back')
  .addOption(simulatedOption())
  .option('--wipe', 'deletes its data, too')
  .addOption(dirOption())
  .action(async ({ simulated, wipe = false, dir }) => {
    if (simulated) await new SimulatedCluster(dir ?? SIMULATED_DIR).down(wipe);
    else await new Node(dir ?? DIR).down(wipe);
  });

keepPrivate();
await run(CLUSTER);
