import { globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { SERVICE_NAMES } from '@sockshop/parts';
import ts from 'typescript';

/** What became of one or more saves. */
export interface Compiled {
  /** As the compiler prints them; empty when all code compiles. */
  readonly errors: readonly string[];
  /** New code of each module that changed, by the path of its build: `services/orders/dist/main.js`. Empty when there are errors. */
  readonly modules: readonly (readonly [path: string, code: string])[];
  /** When the newest of them was saved, in milliseconds since the epoch. */
  readonly savedMs: number;
}

/**
 * A worker that compiles the whole shop as one program, so that types are checked across packages, and posts what each save changed. Code
 * is compiled in memory: `dist` stays what the last build made of it.
 */
function watch(root: string, since: number): void {
  const doors = doorsOf(root);
  const options = { ...optionsOf(root), paths: doors };
  const written = new Map<string, string>();
  const host = ts.createWatchCompilerHost(
    // The shop imports its services by name, which the compiler cannot follow.
    ['@sockshop/embedded/shop', ...SERVICE_NAMES.map((name) => `@sockshop/${name}`)].flatMap(
      (door) => doors[door] ?? [],
    ),
    options,
    ts.sys,
    ts.createEmitAndSemanticDiagnosticsBuilderProgram,
    () => undefined,
    () => undefined,
  );
  host.afterProgramCreate = (program) => {
    const errors = [
      ...program.getOptionsDiagnostics(),
      ...program.getSyntacticDiagnostics(),
      ...program.getSemanticDiagnostics(),
    ].map((error) => ts.formatDiagnostic(error, formatHost(root)).trimEnd());
    const changed: { path: string; code: string; savedMs: number }[] = [];
    if (errors.length === 0) {
      program.emit(undefined, (file, code, _mark, _error, sources = []) => {
        const path = relative(join(root, OUT), file)
          .replaceAll('\\', '/')
          .replace('/src/', '/dist/');
        const known = written.get(path);
        written.set(path, code);
        const savedMs = Math.max(0, ...sources.map(({ fileName }) => statSync(fileName).mtimeMs));
        const isNew = known === undefined ? savedMs > since : known !== code;
        if (isNew) changed.push({ path, code, savedMs });
      });
    }
    const compiled: Compiled = {
      errors,
      modules: changed.map(({ path, code }) => [path, code] as const),
      savedMs: Math.max(0, ...changed.map(({ savedMs }) => savedMs)),
    };
    parentPort?.postMessage(compiled);
  };
  ts.createWatchProgram(host);
}

/** A folder that is never made: what is compiled stays in memory. */
const OUT = '.compiled';

function optionsOf(root: string): ts.CompilerOptions {
  const base = ts.readConfigFile(join(root, 'tsconfig.base.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.convertCompilerOptionsFromJson(
    (base.config as { compilerOptions: object }).compilerOptions,
    root,
  );
  return {
    ...options,
    composite: false,
    declaration: false,
    sourceMap: false,
    inlineSourceMap: true,
    sourceRoot: pathToFileURL(root).href,
    rootDir: root,
    outDir: join(root, OUT),
  };
}

/** The source of each door of each package, in place of its build. */
function doorsOf(root: string): Record<string, string[]> {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Workspace;
  const manifests = globSync(
    workspaces.map((folder) => `${folder}/package.json`),
    { cwd: root },
  );
  const doors = manifests.flatMap((manifest) => {
    const text = readFileSync(join(root, manifest), 'utf8');
    const { name, exports = {} } = JSON.parse(text) as Package;
    return Object.entries(exports).map(([door, { types }]): [string, string[]] => {
      const source = types.replace('./dist/', './src/').replace(/\.d\.ts$/, '.ts');
      return [name + door.slice(1), [join(root, dirname(manifest), source)]];
    });
  });
  return Object.fromEntries(doors);
}

/** The parts of the root's package.json and of a package's that are read. */
interface Workspace {
  readonly workspaces: readonly string[];
}
interface Package {
  readonly name: string;
  readonly exports?: Readonly<Record<string, { readonly types: string }>>;
}

function formatHost(root: string): ts.FormatDiagnosticsHost {
  return {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => root,
    getNewLine: () => '\n',
  };
}

const { root, since } = workerData as { root: string; since: number }; // given by main.ts
watch(root, since);
