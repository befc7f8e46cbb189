import { readFileSync } from 'node:fs';

/**
 * Variables whose values may be secret. NAME_FILE names a file with the value, as secrets of containers are files: what is in a file shows
 * in no list of processes or settings. `SESSION_KEY_FILE` is no such variable but front-end's own, which also makes the file.
 */
export const SECRETS = [
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
] as const;

type Env = Readonly<Record<string, string | undefined>>;

/** The file that a variable names cannot be read. */
export class SecretFileError extends Error {
  override readonly name = 'SecretFileError';
}

/**
 * The value of a variable, or of the file that NAME_FILE names. A variable that is set itself wins. One newline at the end of a file is an
 * editor's, and an empty file counts as absent, like an empty variable. @throws SecretFileError naming the variable whose file cannot be read
 */
export function secretOf(
  name: (typeof SECRETS)[number],
  env: Env = process.env,
): string | undefined {
  const path = env[`${name}_FILE`];
  return env[name] || !path ? env[name] : contentOf(`${name}_FILE`, path);
}

/** All of `env`, with the secrets that are in files. @throws SecretFileError */
export function withSecretFiles<E extends Env>(env: E): E {
  const inFiles = SECRETS.filter((name) => env[`${name}_FILE`]);
  return { ...env, ...Object.fromEntries(inFiles.map((name) => [name, secretOf(name, env)])) };
}

function contentOf(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code; // all that reading a file throws has one
    throw new SecretFileError(`${variable}: ${path} cannot be read (${String(why)})`, {
      cause: error,
    });
  }
}
