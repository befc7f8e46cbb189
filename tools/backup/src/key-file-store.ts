import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Entry, FreshPlace, Row, Store } from './store.ts';

/** The front-end's session key: with it shoppers stay logged in, and guests keep their carts. */
export class KeyFileStore implements Store {
  readonly kind = 'file';

  constructor(private readonly path: string) {}

  async *save(): AsyncGenerator<Entry> {
    const text = await readFile(this.path, 'utf8').catch(() => undefined); // none before the first start
    if (text === undefined) return;
    yield { table: { store: 'file', database: '', name: basename(this.path) } };
    yield { row: text };
  }

  async freshPlace(): Promise<FreshPlace> {
    const fresh = `${this.path}.restoring`;
    const discard = (): Promise<void> => rm(fresh, { force: true });
    await discard();
    let loaded = false;
    return {
      begin: () => Promise.resolve(),
      add: async ([text]: readonly Row[]) => {
        await mkdir(dirname(fresh), { recursive: true });
        await writeFile(fresh, String(text), { mode: 0o600 });
        loaded = true;
      },
      swap: async () => {
        if (loaded) await rename(fresh, this.path);
      },
      discard,
    };
  }
}
