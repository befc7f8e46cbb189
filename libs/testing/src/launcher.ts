import { RunningProcess } from './running-process.ts';

/** One of the commands as its own process, as npm's scripts run it, on a folder of the test's own. */
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

/** The servers that a person's environment names are not the test's. */
export const OWN_SERVERS = {
  MYSQL_URL: '',
  MONGO_URL: '',
  RABBITMQ_URL: '',
  ZIPKIN_URL: '',
  ZIPKIN: '',
};
