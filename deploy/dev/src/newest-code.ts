import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/** A build of the workspace: its package, and its path in the package. */
const BUILD = /^(?!.*node_modules\/)(.+?)\/dist\//;
/** This package runs on while all others are replaced. */
const OWN = 'deploy/dev';

/**
 * Gives imports the newest code of the workspace's packages. Node never loads a module twice from one address, so a package whose code
 * changed gets a new address for all of its modules: the next import of it loads them anew.
 */
export class NewestCode {
  private readonly root: string;
  private readonly code = new Map<string, string>();
  /** How often the code of a package changed. */
  private readonly versions = new Map<string, number>();
  private ofAll = 0;

  constructor(root: string) {
    this.root = `${pathToFileURL(root).href}/`;
    registerHooks({
      resolve: (specifier, context, next) => {
        const relative = specifier.startsWith('.') && context.parentURL !== undefined;
        const url = relative ? new URL(specifier, context.parentURL).href : undefined;
        // A module that is not in the build yet is known here only.
        const found =
          url !== undefined && this.code.has(this.pathOf(url))
            ? { url, shortCircuit: true }
            : next(specifier, context);
        return { ...found, url: this.versioned(found.url) };
      },
      load: (url, context, next) => {
        const source = this.code.get(this.pathOf(url));
        return source === undefined
          ? next(url, context)
          : { format: 'module', source, shortCircuit: true };
      },
    });
  }

  /** Takes over compiled modules. Returns the folders of their packages, such as `services/orders`. */
  replace(modules: readonly (readonly [path: string, code: string])[]): string[] {
    const packages = new Set<string>();
    for (const [path, code] of modules) {
      this.code.set(path, code);
      const [, folder] = BUILD.exec(path) ?? [];
      if (folder !== undefined && folder !== OWN) packages.add(folder);
    }
    for (const folder of packages) this.versions.set(folder, (this.versions.get(folder) ?? 0) + 1);
    return [...packages];
  }

  /** Every package is loaded anew: what is compiled into one of them may be in all of them. */
  replaceAll(): void {
    this.ofAll += 1;
  }

  private versioned(url: string): string {
    const [, folder] = BUILD.exec(this.pathOf(url)) ?? [];
    if (folder === undefined || folder === OWN) return url;
    const version = `${this.ofAll}.${this.versions.get(folder) ?? 0}`;
    return version === '0.0' ? url : `${withoutQuery(url)}?v=${version}`;
  }

  private pathOf(url: string): string {
    return url.startsWith(this.root) ? withoutQuery(url).slice(this.root.length) : '';
  }
}

function withoutQuery(url: string): string {
  return url.replace(/\?.*/, '');
}
