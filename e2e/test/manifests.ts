import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** The eight services, with the memory that the original's Kubernetes manifests allow each, in MiB. */
export const SERVICES = [
  { name: 'front-end', port: 8079, memoryMiB: 1000 },
  { name: 'catalogue', port: 80, memoryMiB: 200 },
  { name: 'carts', port: 80, memoryMiB: 500 },
  { name: 'orders', port: 80, memoryMiB: 500 },
  { name: 'payment', port: 80, memoryMiB: 200 },
  { name: 'user', port: 80, memoryMiB: 200 },
  { name: 'shipping', port: 80, memoryMiB: 500 },
  { name: 'queue-master', port: 80, memoryMiB: 500 },
];

/** What they need beside them, by the original's host names. */
export const DATA_STORES = ['catalogue-db', 'carts-db', 'orders-db', 'user-db', 'rabbitmq'];

export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** A name and three numbers: nothing that means another image tomorrow. */
export const PINNED = /^[\w./-]+:\d+\.\d+\.\d+(-[\w.-]+)?$/;

/** The names that `service` does not know, of those that a deployment sets for it. */
export function unknownVariables(service: string, names: string[]): string[] {
  const libs = ['libs/service/src', 'libs/tracing/src'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((file) => `${folder}/${file}`),
  );
  const code = [`services/${service}/src/config.ts`, ...libs].map(read).join('\n');
  return names.filter((name) => !new RegExp(`\\b${name}\\b`).test(code));
}
