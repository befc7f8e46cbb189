import { join, relative } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { SERVICE_FOLDERS, SHOP } from './runtime-files.ts';

/** Folders of the workspace's own packages. */
const OWN = /^(?:libs|services|tools|deploy)\/([^/]+)\/(.*)$/;

/** Where the package for npx has a file of the workspace: an own package is in the place of the link that leads to it. */
export function placeOf(file: string): string {
  const [, name, rest] = OWN.exec(file) ?? [];
  return name === undefined ? file : join('node_modules', '@sockshop', name, rest ?? '');
}

/**
 * Writes the program of the shop and those of its services into `out`, each in its place, with all that they import in a few dozen files: npm
 * unpacks a package four times before it starts its program, and takes a second for every thousand files. The packages of `external` are left
 * out. Returns the files that went in, as paths in the workspace.
 */
export async function bundleShop(
  root: string,
  out: string,
  external: readonly string[],
): Promise<string[]> {
  const programs = [SHOP, ...SERVICE_FOLDERS].map((folder) => join(folder, 'dist', 'main.js'));
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(
      programs.map((program) => [placeOf(program).replace(/\.js$/, ''), join(root, program)]),
    ),
    platform: 'node',
    external: [...external],
    treeshake: false, // files with side effects are not always marked as such
    plugins: [ownPlaces(root)],
    onLog: (level, log, report) => {
      // Packages of npm try to load optional ones.
      if (log.code === 'UNRESOLVED_IMPORT' && !OWN.test(relative(root, log.id ?? ''))) return;
      report(level === 'warn' ? 'error' : level, log);
    },
  });
  const { output } = await bundle.write({
    dir: out,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: `${placeOf(join(SHOP, 'dist'))}/[name]-[hash].js`,
    comments: { legal: true, annotation: false, jsdoc: false },
    keepNames: true, // names of classes are in logs, and are those of tables
    strictExecutionOrder: true,
  });
  await bundle.close();
  return output.flatMap((file) =>
    file.type === 'chunk' ? file.moduleIds.map((id) => relative(root, id)) : [],
  );
}

/** Own files find pictures and pages beside themselves; in the bundle, they look from the place that they would have. */
function ownPlaces(root: string): Plugin {
  return {
    name: 'own-places',
    transform: {
      filter: { code: 'import.meta.url' },
      handler: (code, id) => {
        const file = relative(root, id);
        if (!OWN.test(file)) return;
        // All files of the bundle are as deep: node_modules/@sockshop/NAME/dist.
        const place = join('../../../..', placeOf(file));
        return code.replaceAll(
          'import.meta.url',
          `new URL(${JSON.stringify(place)}, import.meta.url).href`,
        );
      },
    },
  };
}
