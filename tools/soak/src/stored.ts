import { MongoClient } from 'mongodb';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { WatchedShop } from './watched-shop.ts';

/** What a shop keeps on disk. */
export interface Stored {
  /** Bytes of the files of each store. */
  readonly bytes: Readonly<Record<string, number>>;
  /** Documents or rows of each collection or table. */
  readonly documents: Readonly<Record<string, number>>;
}

const SERVERS = ['mariadb', 'mongodb', 'rabbitmq'];

export async function stored(shop: WatchedShop): Promise<Stored> {
  if (shop.way === 'embedded') return inFiles(shop.dir);
  const bytes = Object.fromEntries(
    SERVERS.map((name) => [name, bytesIn(join(shop.dir, 'distributed', name))]),
  );
  const { url } = shop.part('mongodb') ?? {};
  return { bytes, documents: url === undefined ? {} : await documentsAt(url) };
}

function inFiles(dir: string): Stored {
  const files = readdirSync(dir).filter((name) => name.endsWith('.db'));
  const bytes = files.map((name) => {
    const parts = readdirSync(dir).filter((each) => each === name || each.startsWith(`${name}-`));
    return [name, parts.reduce((sum, each) => sum + sizeOf(join(dir, each)), 0)] as const;
  });
  return {
    bytes: Object.fromEntries(bytes),
    documents: Object.assign({}, ...files.map((name) => rowsIn(join(dir, name), name))) as Record<
      string,
      number
    >,
  };
}

function rowsIn(file: string, name: string): Record<string, number> {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all()
      .map((row) => String(row['name']));
    return Object.fromEntries(
      tables.map((table) => {
        const counted = database.prepare(`SELECT count(*) AS rows FROM "${table}"`).get();
        return [`${name.replace(/\.db$/, '')}.${table}`, Number(counted?.['rows'])];
      }),
    );
  } finally {
    database.close();
  }
}

async function documentsAt(url: string): Promise<Record<string, number>> {
  const client = new MongoClient(url, { directConnection: true });
  try {
    const counts: Record<string, number> = {};
    for (const name of ['data', 'users']) {
      const database = client.db(name);
      for (const collection of await database.listCollections().toArray())
        counts[`${name}.${collection.name}`] = await database
          .collection(collection.name)
          .countDocuments();
    }
    return counts;
  } finally {
    await client.close();
  }
}

function bytesIn(dir: string): number {
  let names: string[];
  try {
    names = readdirSync(dir, { recursive: true }) as string[]; // without encoding: texts
  } catch {
    return 0; // the server is not ours
  }
  return names.reduce((sum, name) => sum + sizeOf(join(dir, name)), 0);
}

/** A file may go while it is looked at: a write-ahead log that is not needed any more. */
function sizeOf(path: string): number {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isFile() ? stat.size : 0;
}
