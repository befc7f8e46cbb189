import type { OwnShop } from '@sockshop/measure';
import { MongoClient } from 'mongodb';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { readFileSync } from 'node:fs';

/** Node's options of each process of the shop that runs a script. */
export function flagsOf(shop: OwnShop): Record<string, string> {
  const flags: Record<string, string> = {};
  for (const [name, pid] of shop.processes()) {
    const [, ...words] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const script = words.findIndex((word) => !word.startsWith('-'));
    if (words[script]?.endsWith('.js')) flags[name] = words.slice(0, script).join(' ');
  }
  return flags;
}

/** The versions that the servers of a distributed shop name themselves; nothing of an embedded one. */
export async function serversOf(shop: OwnShop): Promise<Record<string, string>> {
  if (shop.way === 'embedded') return {};
  const standIn = (name: string): string => (shop.part(name).standIn ? ' (stand-in)' : '');
  const mysql = await createConnection(shop.part('mariadb').url ?? '');
  const mongo = new MongoClient(shop.part('mongodb').url ?? '', { directConnection: true });
  try {
    const [rows] = await mysql.query<RowDataPacket[]>('SELECT version() AS version');
    const { version } = await mongo.db('admin').command({ buildInfo: 1 });
    return {
      mariadb: String(rows[0]?.['version']),
      mongodb: String(version) + standIn('mongodb'),
      rabbitmq: `as installed${standIn('rabbitmq')}`,
      zipkin: `as installed${standIn('zipkin')}`,
    };
  } finally {
    await Promise.all([mysql.end(), mongo.close()]);
  }
}
