import { readFileSync } from 'node:fs';
import { ConfigError } from './settings.ts';

/**
 * Variables whose values may be secret. NAME_FILE names a file with the value, as secrets of containers are files: what is in a file shows
 * in no list of processes or settings. `SESSION_KEY_FILE` is no such variable but front-end's own, which also makes the file.
 */
export const SECRETS: readonly string[] = [
  'DATABASE_URL',
  'MONGO_URL',
  'MYSQL_URL',
  'DSN',
  'MYSQL_PASSWORD',
  'MONGO_PASS',
  'RABBITMQ_URL',
  'OBSERVATORY_PASSWORD',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
  'OTEL_EXPORTER_OTLP_METRICS_HEADERS',
  'OTEL_EXPORTER_OTLP_LOGS_HEADERS',
];

/**
 * Reads the secrets that `env` names files of. A variable that is set itself wins. One newline at the end of a file is an editor's, and an
 * empty file counts as absent, like an empty variable. @throws ConfigError naming the variable whose file cannot be read
 */
export function withSecretFiles<E extends Readonly<Record<string, string | undefined>>>(env: E): E {
  const read = SECRETS.filter((name) => env[`${name}_FILE`] && !env[name]).map((name) => [
    name,
    contentOf(`${name}_FILE`, env[`${name}_FILE`] ?? ''),
  ]);
  return { ...env, ...(Object.fromEntries(read) as Record<string, string>) };
}

function contentOf(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code; // all that reading a file throws has one
    throw new ConfigError(`${variable}: ${path} cannot be read (${String(why)})`, { cause: error });
  }
}
