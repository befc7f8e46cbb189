import { z } from 'zod';

/** A variable is missing or wrong: the process stops at start and says which. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Env = Readonly<Record<string, string | undefined>>;

/** Flags that several of the original's services took, with the variable each stands for. */
const COMMON_FLAGS = { port: 'PORT', zipkin: 'ZIPKIN' };

/**
 * Reads the variables that `schema` names. A flag given as the original's deploy files do (`-port=80`, `--port=80`, `-port 80`) wins over its
 * variable; the lower-case `port` of the original's Java services stands for PORT; an empty variable counts as absent.
 * @param flags flag name to variable name; flags not named here are ignored.
 * @throws ConfigError naming every variable that is wrong.
 */
export function readSettings<S extends z.ZodObject>(
  schema: S,
  env: Env,
  argv: readonly string[] = [],
  flags: Readonly<Record<string, string>> = {},
): z.output<S> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && value !== '') given[name] = value;
  }
  if (env['port']) given['PORT'] ??= env['port'];
  Object.assign(given, flagValues(argv, { ...COMMON_FLAGS, ...flags }));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(lines.join('; '));
}

function flagValues(
  argv: readonly string[],
  names: Readonly<Record<string, string>>,
): Record<string, string> {
  const values: Record<string, string> = {};
  argv.forEach((word, index) => {
    const match = /^--?([A-Za-z][\w.-]*)(?:=(.*))?$/s.exec(word);
    const variable = match?.[1] === undefined ? undefined : names[match[1]];
    const value = match?.[2] ?? argv[index + 1];
    if (variable !== undefined && value !== undefined) values[variable] = value;
  });
  return values;
}

/** A TCP port; 0 lets the system choose a free one. */
export const port = z.coerce.number().int().min(0).max(65_535);
/** A duration in whole milliseconds. */
export const milliseconds = z.coerce.number().int().min(1);
/** `true` or `false`, also `1` and `0`. */
export const flag = z
  .enum(['true', 'false', '1', '0'])
  .transform((text) => text === 'true' || text === '1');

/** `amqp://…`, `amqps://…`, or `memory:NAME`, the bus inside one process. */
export const brokerUrl = z
  .string()
  .regex(/^(amqps?:\/\/|memory:)./, 'not an amqp://, amqps:// or memory: URL')
  .refine((url) => URL.canParse(url), 'not a URL');

/** What every service reads: where it listens. In a container that is port 80 of every interface, as in the original. */
export const listenSettings = { PORT: port.default(80), HOST: z.string().default('0.0.0.0') };
