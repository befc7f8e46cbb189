import { join } from 'node:path';
import { KUBERNETES_DIR } from './paths.ts';
import { runProgram } from './run-program.ts';

/** The images that a folder of `deploy/kubernetes` names, in alphabetical order. */
export async function imagesOf(folder: string): Promise<string[]> {
  return imagesIn(await rendered(folder));
}

/** A folder of `deploy/kubernetes` as it is applied. */
export function rendered(folder: string): Promise<string> {
  return runProgram('kubectl', ['kustomize', join(KUBERNETES_DIR, folder)]);
}

export function imagesIn(yaml: string): string[] {
  const named = [...yaml.matchAll(/^\s*(?:- )?image: (\S+)$/gm)].map(([, image = '']) => image);
  return [...new Set(named)].sort();
}
