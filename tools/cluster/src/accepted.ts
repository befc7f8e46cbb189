import { readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installDefinitions } from './definitions.ts';
import type { Kubectl } from './kubectl.ts';
import { KUBERNETES_DIR } from './paths.ts';
import type { Report } from './report.ts';
import { folderOf, NAMESPACE, Shop } from './shop.ts';
import { rendered } from './shop-images.ts';

/** The base and every overlay. */
export async function foldersToApply(): Promise<string[]> {
  const entries = await readdir(join(KUBERNETES_DIR, 'overlays'));
  const overlays = entries.sort().map((name) => `overlays/${name}`);
  return [
    'base',
    ...overlays.filter((name) => existsSync(join(folderOf(name), 'kustomization.yaml'))),
  ];
}

/** Each folder is accepted by a real API server, admission and Pod Security included, and real controllers roll it out. */
export async function everyFolderAccepted(kubectl: Kubectl, report: Report): Promise<void> {
  await report.check('definitions of other projects are installed', () =>
    installDefinitions(kubectl),
  );
  const shop = new Shop(kubectl);
  for (const folder of await foldersToApply())
    await report.check(`${folder} is accepted and rolls out`, async () => {
      // What runs beside a shop adds NetworkPolicies to the shop's namespace.
      await kubectl.run(['apply', '-f', join(KUBERNETES_DIR, 'base/namespace.yaml')]);
      const applied = await kubectl.run(['apply', '-k', folderOf(folder), '-o', 'name']);
      const objects = applied.split('\n').filter(Boolean);
      const namespaces = await namespacesOf(folder);
      for (const namespace of namespaces) await shop.rolledOut(namespace);
      await kubectl.run(['delete', '-k', folderOf(folder), '--timeout=180s']);
      await kubectl.run(['delete', 'namespace', NAMESPACE, '--ignore-not-found', '--timeout=180s']);
      return [`${objects.length} objects in ${namespaces.join(', ')}`];
    });
}

/** What is applied one at a time, to a shop that runs: experiments of chaos tools. */
export async function everyExperimentAccepted(kubectl: Kubectl, report: Report): Promise<void> {
  const folder = join(KUBERNETES_DIR, 'overlays/chaos');
  await report.check('chaos experiments are accepted', async () => {
    await kubectl.run(['apply', '-k', folder]);
    const lines: string[] = [];
    for (const tool of ['chaos-mesh', 'litmus']) {
      const at = join(folder, tool);
      const accepted = await kubectl.run(['apply', '--dry-run=server', '-f', at, '-o', 'name']);
      lines.push(`${tool}: ${accepted.split('\n').filter(Boolean).length} objects`);
    }
    await kubectl.run(['delete', '-k', folder, '--timeout=180s']);
    return lines;
  });
}

async function namespacesOf(folder: string): Promise<string[]> {
  const yaml = await rendered(folder);
  const named = [...yaml.matchAll(/^ {2}namespace: (\S+)$/gm)].map(([, name = '']) => name);
  return [...new Set(named)].sort();
}
