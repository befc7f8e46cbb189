import { packagesOf, runtimeFiles, SERVICE_FOLDERS } from '@sockshop/release/runtime-files';
import { lstatSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What an image holds besides its base. */
export interface ImageContents {
  readonly bytes: number;
  /** Of npm, the workspace's own not counted. */
  readonly packages: number;
}

/** The figures are the same on every machine. */
const LINUX = [{ platform: 'linux', arch: 'x64' }];

/** Counts what deploy/Dockerfile puts into the image of each service: the same code chooses the files. No container engine is needed. */
export async function imageContents(root: string): Promise<Map<string, ImageContents>> {
  const contents = new Map<string, ImageContents>();
  for (const [folder, files] of await runtimeFiles(root, SERVICE_FOLDERS, LINUX)) {
    const bytes = [...files].reduce((sum, file) => sum + lstatSync(join(root, file)).size, 0);
    contents.set(basename(folder), { bytes, packages: packagesOf(files).size });
  }
  return contents;
}
