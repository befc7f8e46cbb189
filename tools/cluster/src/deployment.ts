import { randomBytes } from 'node:crypto';
import { addVolumes } from './add-ons.ts';
import type { Containerd } from './containerd.ts';
import type { Engine } from './engine.ts';
import { folderOf, NAMESPACE, type Shop } from './shop.ts';
import { imagesIn, rendered } from './shop-images.ts';
import { until } from './until.ts';

/** Puts one folder of `deploy/kubernetes` after the other on the node. */
export class Deployment {
  constructor(
    private readonly shop: Shop,
    private readonly containerd: Containerd,
    private readonly engine: Engine,
    private readonly dir: string,
  ) {}

  /** The images of a folder that the engine does not have: what needs them cannot run here. */
  async missingImages(folder: string): Promise<string[]> {
    return this.engine.missing(imagesIn(await rendered(folder)));
  }

  /** Applies the folder and waits until all pods are ready. @returns how many pods, and in which time */
  async apply(folder: string): Promise<string[]> {
    const imported = await this.containerd.import(imagesIn(await rendered(folder)), this.engine);
    const { kubectl } = this.shop;
    await addVolumes(kubectl, this.dir);
    await this.addSecrets();
    const startedAt = Date.now();
    await kubectl.run(['apply', '-k', folderOf(folder)]);
    await this.shop.rolledOut();
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    const pods = await this.shop.pods();
    return [
      `${pods.length} pods ready in ${seconds} s`,
      ...(imported.length > 0 ? [`imported ${imported.join(', ')}`] : []),
    ];
  }

  /** Deletes the shop with its volumes, and waits until it is gone. */
  async remove(): Promise<void> {
    const { kubectl } = this.shop;
    await kubectl.run(['delete', 'namespace', NAMESPACE, '--ignore-not-found', '--timeout=180s']);
    await until(
      'volumes that no claim has',
      async () => !(await kubectl.run(['get', 'persistentvolumes'])).includes(' Bound '),
      60_000,
    );
  }

  /** What deploy/kubernetes/README.md asks for before an overlay that needs it. */
  private async addSecrets(): Promise<void> {
    const { kubectl } = this.shop;
    const objects = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
      secret('front-end-session', { SESSION_KEY: randomBytes(32).toString('hex') }),
      secret('passwords', {
        'catalogue-db': randomBytes(16).toString('hex'),
        rabbitmq: randomBytes(16).toString('hex'),
      }),
    ];
    await kubectl.applyObjects(objects);
  }
}

function secret(name: string, stringData: Readonly<Record<string, string>>) {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: NAMESPACE }, stringData };
}
