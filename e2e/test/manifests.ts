import { SERVICES } from '@sockshop/parts';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** The services as containers: the front-end's port is the original's, the others' is that of HTTP. */
export const CONTAINERS = SERVICES.map(({ name, memoryMiB }) => ({
  name,
  port: name === 'front-end' ? 8079 : 80,
  memoryMiB,
}));

/** The servers they need, by the original's host names. */
export const DATA_STORES = [
  ...SERVICES.filter(({ database }) => database).map(({ name }) => `${name}-db`),
  'rabbitmq',
];

export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** A name and three numbers: a tag that always means the same image. */
export const PINNED = /^[\w./-]+:v?\d+\.\d+\.\d+(-[\w.-]+)?$/;

/**
 * Returns the variables that a deployment sets but neither `service` nor Node reads. Tracing's, which a test compares with its code, are in a
 * table. A secret that the service reads may come from a file.
 */
export function unknownVariables(service: string, names: string[]): string[] {
  const secretFiles = 'libs/secrets/src/secret-files.ts';
  const libs = ['libs/service/src', 'libs/tracing/src'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((file) => `${folder}/${file}`),
  );
  const tracing = 'docs/tracing-settings.md';
  const code = [`services/${service}/src/config.ts`, tracing, ...libs].map(read).join('\n');
  const isRead = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(code);
  const secrets = [...read(secretFiles).matchAll(/^ {2}'([A-Z_]+)',$/gm)].map(([, name]) => name!);
  const files = secrets.filter(isRead).map((name) => `${name}_FILE`);
  return names.filter((name) => !['NODE_OPTIONS', ...files].includes(name) && !isRead(name));
}
