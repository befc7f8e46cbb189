import { cpSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { IMAGE_FOLDERS, type Machine, runtimeFiles, SERVICE_FOLDERS } from './runtime-files.ts';

/** The layer with what all services have in common. */
const SHARED = 'shared';

/**
 * Writes the files of all images into folders of `out`, with their paths in the workspace: `shared` for what every service needs, and for
 * each folder, such as `services/carts`, what comes on top of it. `loadtest` is no service, and its folder is complete.
 */
export async function writeImageLayers(root: string, out: string, machine: Machine): Promise<void> {
  const images = await runtimeFiles(root, IMAGE_FOLDERS, [machine]);
  const services = SERVICE_FOLDERS.map((folder) => images.get(folder) ?? new Set<string>());
  const shared = services.reduce((common, files) => common.intersection(files));
  copyFiles(root, join(out, SHARED), shared);
  for (const [folder, files] of images)
    copyFiles(root, join(out, folder), folder === 'loadtest' ? files : files.difference(shared));
}

/** Links stay links: those to the workspace's own packages lead to a folder of the same layers. */
function copyFiles(root: string, out: string, files: ReadonlySet<string>): void {
  for (const file of files) {
    const [from, to] = [join(root, file), join(out, file)];
    mkdirSync(dirname(to), { recursive: true });
    if (lstatSync(from).isSymbolicLink()) symlinkSync(readlinkSync(from), to);
    else cpSync(from, to, { preserveTimestamps: true }); // the pages' ETags
  }
}
