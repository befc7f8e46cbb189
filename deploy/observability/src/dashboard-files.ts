import { join } from 'node:path';
import { DASHBOARDS } from './dashboards/all.ts';
import { built } from './dashboards/build.ts';

export const DASHBOARDS_FOLDER = join(import.meta.dirname, '../grafana/dashboards');

/** Each dashboard's file and its text. */
export function dashboardFiles(): Map<string, string> {
  return new Map(
    DASHBOARDS.map((source) => [
      `${source.id}.json`,
      `${JSON.stringify(built(source), undefined, 2)}\n`,
    ]),
  );
}
