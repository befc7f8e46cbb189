import { CommandError } from '@sockshop/cli';
import { filesAt, type LogFile } from '@sockshop/log-lines';
import { SERVICE_NAMES } from '@sockshop/parts';
import { readState, runs } from '@sockshop/supervisor';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { LogOptions } from './options.ts';

/** The edge router of the distributed way; no service, so it is in no list of them. */
const ROUTER = 'edge-router';

/** The log of all services in one process. */
const ALL = 'sock-shop';

/** Where the logs are: of the shops that run; where none does, of the one that ran last. @throws CommandError where there are none. */
export function placesOf({ dir, data }: LogOptions): string[] {
  const folders = data === undefined ? [dir, join(dir, 'embedded')] : [data];
  const running = folders.map(readState).filter((state) => state && runs(state.launcher));
  if (running.length > 0) return running.flatMap((state) => state?.logs ?? []);
  const left = folders.flatMap((folder) => [join(folder, 'logs'), join(folder, `${ALL}.log`)]);
  const newest = left
    .map((place) => ({ place, writtenMs: lastWrite(place) }))
    .sort((one, other) => other.writtenMs - one.writtenMs)
    .find(({ writtenMs }) => writtenMs > 0);
  if (newest) return [newest.place];
  throw new CommandError(
    `There are no logs in ${folders.join(' or ')}. Start a shop with npm start, or give its folder with --dir or --data.`,
  );
}

/** The logs that may have lines of the service: its instances', or the one log of all. @throws CommandError for a name that is none. */
export function logsOf(places: readonly string[], service: string | undefined): LogFile[] {
  const all = places.flatMap(filesAt);
  if (service === undefined) return all;
  const known = [...SERVICE_NAMES, ROUTER, ...all.map(({ instance }) => instance)];
  if (!known.includes(service)) {
    const names = [...new Set(known)].filter((name) => name !== ALL).join(', ');
    throw new CommandError(`There is no service ${service}. There are: ${names}.`);
  }
  return all.filter(
    ({ instance }) =>
      instance === service || instance.startsWith(`${service}-`) || instance === ALL,
  );
}

function lastWrite(place: string): number {
  const times = filesAt(place).flatMap(({ paths }) =>
    paths.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0),
  );
  return Math.max(0, ...times);
}
