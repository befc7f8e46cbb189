import { RunningProcess } from './running-process.ts';

/** One of the commands in its own process, as npm's scripts run it, on the test's own folder. */
export class Launcher extends RunningProcess {
  constructor(
    script: string,
    dir: string,
    args: readonly string[],
    env: Record<string, string> = {},
  ) {
    super([script, ...args, '--dir', dir], { env: { ...OWN_SERVERS, ...env } });
  }

  /** @throws Error with the output when the process ends before it is ready. */
  async ready(): Promise<void> {
    await this.said(/is ready:/, 120_000);
  }
}

/** The test must not use servers from a person's environment. */
export const OWN_SERVERS = {
  MYSQL_URL: '',
  MYSQL_URL_FILE: '',
  MONGO_URL: '',
  MONGO_URL_FILE: '',
  RABBITMQ_URL: '',
  RABBITMQ_URL_FILE: '',
  ZIPKIN_URL: '',
  ZIPKIN: '',
};
