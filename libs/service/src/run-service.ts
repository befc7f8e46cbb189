import { withSecretFiles } from '@sockshop/secrets';
import { Telemetry } from '@sockshop/telemetry';
import { tracingConfig } from '@sockshop/tracing';
import { drainDelay } from './drain-delay.ts';
import { HelpRequest, UsageError } from './flags.ts';
import { isLevel, JsonLog } from './json-log.ts';
import { requestLogLevel } from './request-log.ts';
import { type DefineService, startService } from './service.ts';

/** Longest time from the signal, and DRAIN_DELAY_MS, to the end of the process. */
const SHUTDOWN_MS = 5000;

/**
 * Runs a service as a process of its own: reads the configuration, starts, and shuts down on SIGTERM or SIGINT with exit code 0.
 * With wrong configuration or a busy port it ends at once with code 1 and one clear line, with a wrong command line with code 2.
 */
export async function runService(
  name: string,
  define: DefineService,
  argv: readonly string[] = process.argv.slice(2),
): Promise<void> {
  const level = process.env['LOG_LEVEL'];
  const requestLevel = requestLogLevel(process.env['REQUEST_LOG_LEVEL']);
  const log = new JsonLog(name, isLevel(level) ? level : 'info');
  process.on('unhandledRejection', (error) => {
    log.error('unhandled rejection', { error }); // a lost connection in a driver must not end the service
  });
  try {
    const env = withSecretFiles(process.env);
    const definition = define(env, argv);
    const drainDelayMs = drainDelay(env['DRAIN_DELAY_MS']);
    const telemetry = await Telemetry.start(
      name,
      tracingConfig(withZipkinFlag(env, argv)),
      undefined,
      log,
    );
    const starting = startService(definition, telemetry, log, requestLevel);
    const stop = (signal: string) => {
      log.log('shutting down', { signal });
      setTimeout(() => process.exit(1), drainDelayMs + SHUTDOWN_MS).unref();
      const closed = starting.then((service) => service.close(drainDelayMs));
      void closed.then(
        () => process.exit(0),
        () => undefined,
      ); // of a start that fails, the line below says why
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    await starting;
  } catch (error) {
    if (error instanceof HelpRequest) {
      console.log(`Flags of ${name}: ${error.message}. Its README lists its variables.`);
      return;
    }
    log.fatal(explain(name, error), { error });
    const code = error instanceof UsageError ? 2 : 1;
    process.exitCode = code;
    setTimeout(() => process.exit(code), 100).unref();
  }
}

/** The original's Go services took the span end point as a flag. */
function withZipkinFlag(env: NodeJS.ProcessEnv, argv: readonly string[]): NodeJS.ProcessEnv {
  const at = argv.findIndex((word) => /^--?zipkin(=|$)/.test(word));
  const [, glued] = /=(.*)/s.exec(argv[at] ?? '') ?? [];
  const given = glued ?? (at === -1 ? undefined : argv[at + 1]);
  return given ? { ...env, ZIPKIN: given } : env;
}

function explain(name: string, error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `${name} cannot start: its port is in use; set PORT to another one`;
  }
  return `${name} cannot start: ${error instanceof Error ? error.message : String(error)}`;
}
