import { CommandError } from '@sockshop/cli';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chartFiles } from './chart.ts';

const KUBERNETES = join(import.meta.dirname, '../../../deploy/kubernetes');
/** The chart as the repository has it. */
export const CHART = join(KUBERNETES, 'helm/sock-shop');

/** The chart as the manifests of now make it: path in the chart to text. */
export function currentChart(): Map<string, string> {
  return chartFiles(rendered('base'), rendered('overlays/load-test'));
}

/** What `kubectl kustomize` makes of a folder below deploy/kubernetes. */
export function rendered(folder: string): string {
  try {
    return execFileSync('kubectl', ['kustomize', join(KUBERNETES, folder)], { encoding: 'utf8' });
  } catch (error) {
    throw new CommandError('kubectl did not render the manifests: is it installed?', {
      cause: error,
    });
  }
}

/** Replaces the chart in the repository. */
export function writeChart(): void {
  const files = currentChart();
  rmSync(CHART, { recursive: true, force: true });
  for (const [path, text] of files) {
    mkdirSync(dirname(join(CHART, path)), { recursive: true });
    writeFileSync(join(CHART, path), text);
  }
  console.log(`${files.size} files written to deploy/kubernetes/helm/sock-shop`);
}
