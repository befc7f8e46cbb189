import type { Context } from './context.ts';
import { tablesOf } from './read-backup.ts';
import { BackupError, type FreshPlace, type Store } from './store.ts';

/** Loads a verified backup beside the data of the stores, which stay as they are until the places are swapped. */
export async function loadBackup(
  file: string,
  stores: readonly Store[],
  cleanUp: Context['cleanUp'],
): Promise<FreshPlace[]> {
  const places = new Map<string, FreshPlace>();
  for (const store of stores) {
    const place = await store.freshPlace();
    cleanUp(() => place.discard());
    places.set(store.kind, place);
  }
  let place: FreshPlace | undefined;
  for await (const next of tablesOf(file)) {
    if ('table' in next) {
      place = places.get(next.table.store);
      if (!place)
        throw new BackupError(
          `The backup has data of a store that this shop lacks: ${next.table.store}.`,
        );
      await place.begin(next.table);
    } else await place?.add(next.rows);
  }
  return [...places.values()];
}
