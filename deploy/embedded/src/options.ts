import { DEFAULT_PORT, HIGHEST_PORT } from '@sockshop/parts';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export interface EmbeddedOptions {
  /** Of the shop itself. The services behind it take the ports after it; 0: free ports for all. */
  readonly port: number;
  /** Of the trace store. */
  readonly tracePort: number;
  /** What the shop and the trace store listen on. */
  readonly host: string;
  /** Folder of the databases, the session key and the log. */
  readonly data: string;
  /** Start with empty databases. */
  readonly reset: boolean;
}

export const USAGE = `npm start -- [options]

  --port N        the shop's port; the services behind it take the ports after it (${DEFAULT_PORT})
  --trace-port N  the trace store's port, which speaks the Zipkin API (9411)
  --host ADDRESS  what the shop and the trace store listen on (127.0.0.1)
  --data DIR      where customers, carts and orders are kept (.sockshop/embedded)
  --reset         forget them and start afresh
  --help          this text

Ctrl-C stops everything.`;

/** A wrong command line; the message names the option. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Undefined when only the usage is asked for. `root` is the workspace's folder. @throws UsageError */
export function parseOptions(argv: readonly string[], root: string): EmbeddedOptions | undefined {
  const values = parsed(argv);
  if (values.help) return undefined;
  return {
    port: portOption('port', values.port, DEFAULT_PORT),
    tracePort: portOption('trace-port', values['trace-port'], 9411),
    host: values.host ?? '127.0.0.1',
    data: values.data ?? join(root, '.sockshop', 'embedded'),
    reset: values.reset ?? false,
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string' },
        'trace-port': { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        reset: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function portOption(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= HIGHEST_PORT) return port;
  throw new UsageError(`--${name}: not a port from 0 to ${HIGHEST_PORT}: ${text}`);
}
