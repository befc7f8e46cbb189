import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kubectl } from './kubectl.ts';
import { moduleFolder } from './programs.ts';

/** Kinds of other projects that overlays use, from the projects' own modules. */
const DEFINITIONS = [
  {
    name: 'Gateway API',
    module: 'sigs.k8s.io/gateway-api@v1.6.1',
    sum: 'h1:mock6phZbI6rvZerwrVNk7hVNymQgHo+6sJ81Ia7ftY=',
    path: 'config/crd/standard',
  },
  {
    name: 'Traefik',
    module: 'github.com/traefik/traefik/v3@v3.7.13',
    sum: 'h1:T8wy9KuaFzCkmXCqAzDy7t73pBDR1DHrJe3pqXpNXTw=',
    path: 'docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml',
  },
  {
    name: 'Istio',
    module: 'istio.io/api@v1.32.0',
    sum: 'h1:37mJvg9I0biYZAEQF+MATs4FNeCpXEIVO3LFpVb6iNM=',
    path: 'kubernetes/customresourcedefinitions.gen.yaml',
  },
  {
    name: 'Litmus',
    module: 'github.com/litmuschaos/chaos-operator@v0.0.0-20251118110355-01a76ca4faf4',
    sum: 'h1:VX2MVzyD5LfExXlV8JCgqhFltMmdiCrio35y6BPQulc=',
    path: 'deploy/crds',
  },
  {
    name: 'Chaos Mesh',
    module: 'github.com/chaos-mesh/chaos-mesh@v0.9.1-0.20260902003049-47411975a8cb',
    sum: 'h1:0TeWmCELKreoLAXuoPaO2qpJe73foDgOoyU3fdKQN4A=',
    path: 'config/crd/bases',
  },
] as const;

/** @returns what is installed, a line each */
export async function installDefinitions(kubectl: Kubectl): Promise<string[]> {
  const lines: string[] = [];
  for (const { name, module, sum, path } of DEFINITIONS) {
    const text = await textOf(join(await moduleFolder(module, sum), path));
    // They are too long for the annotation of a plain apply.
    await kubectl.run(['apply', '--server-side', '--force-conflicts', '-f', '-'], text);
    lines.push(`${name}: ${module}`);
  }
  await kubectl.wait('condition=Established', ['customresourcedefinition', '--all'], 60);
  return lines;
}

/** A file, or all YAML files of a folder. */
async function textOf(path: string): Promise<string> {
  if (/\.ya?ml$/.test(path)) return readFile(path, 'utf8');
  const names = (await readdir(path)).filter((name) => /\.ya?ml$/.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(path, name), 'utf8')));
  return texts.join('\n---\n');
}
