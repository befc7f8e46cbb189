import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A log and what was put aside of it, the oldest first. */
export interface LogFile {
  /** Of the process that writes it. */
  readonly instance: string;
  readonly paths: readonly string[];
}

/** The logs in a folder, or the one log. Nothing there is no log. */
export function filesAt(path: string): LogFile[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return [];
  const folder = stats.isDirectory() ? path : dirname(path);
  const names = stats.isDirectory() ? readdirSync(path) : [basename(path)];
  const files = new Map<string, string[]>();
  for (const name of names.sort().reverse()) {
    const instance = /^(.+)\.log(\.\d+)?$/.exec(name)?.[1]; // `.log.1` is older than `.log`
    if (instance === undefined) continue;
    const paths = files.get(instance) ?? [];
    files.set(instance, [...paths, join(folder, name)]);
  }
  return [...files].map(([instance, paths]) => ({ instance, paths }));
}
