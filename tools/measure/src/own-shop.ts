import { CommandError } from '@sockshop/cli';
import {
  ends,
  lastLines,
  type Part,
  type ProcessId,
  processOf,
  readState,
  runs,
  type State,
  type WayName,
} from '@sockshop/supervisor';
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchOf } from '../../../deploy/commands.mjs';

/** The file in the shop's folder that takes what its launcher prints. */
export const LAUNCHER_FILE = 'launcher.txt';

export interface OwnShopOptions {
  readonly way: WayName;
  /** Must be there. The shop's data and logs are in it. */
  readonly dir: string;
  /** Further options of `npm start` or `npm run start:distributed`. */
  readonly args?: readonly string[];
  /** Variables beside this process's. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Servers and trace stores of a person's environment are not this shop's. An empty ZIPKIN would switch tracing off. */
const OWN_SERVERS = {
  MYSQL_URL: undefined,
  MYSQL_URL_FILE: undefined,
  MONGO_URL: undefined,
  MONGO_URL_FILE: undefined,
  RABBITMQ_URL: undefined,
  RABBITMQ_URL_FILE: undefined,
  ZIPKIN_URL: undefined,
  ZIPKIN: undefined,
};

/** A shop as a person starts it, with the same flags, on free ports and a folder of its own. It ends with this process. */
export class OwnShop {
  private constructor(
    readonly way: WayName,
    readonly dir: string,
    private readonly launcher: ChildProcess,
  ) {}

  /** From the start of its first process until all of it is ready. */
  readyMs = 0;

  /** @throws CommandError with the launcher's last words when it ends before it is ready, or the reason of `signal` */
  static async start(
    { way, dir, args = [], env = {} }: OwnShopOptions,
    signal?: AbortSignal,
  ): Promise<OwnShop> {
    const words =
      way === 'embedded'
        ? ['--port', '0', '--trace-port', '0', '--data', dir]
        : ['--port', '0', '--zipkin-port', '0', '--dir', dir];
    const command = launchOf(way === 'embedded' ? 'start' : 'start:distributed', [
      ...words,
      ...args,
    ]);
    const output = openSync(join(dir, LAUNCHER_FILE), 'w', 0o600);
    const startedAt = performance.now();
    const launcher = spawn(command.program, command.parameters, {
      stdio: ['ignore', output, output],
      detached: true, // a Ctrl-C reaches this process alone
      env: { ...command.env, NODE_OPTIONS: '', ...OWN_SERVERS, ...env },
    });
    closeSync(output);
    const endWithUs = (): void => {
      launcher.kill('SIGTERM');
    };
    process.once('exit', endWithUs);
    launcher.once('exit', () => process.off('exit', endWithUs));
    const shop = new OwnShop(way, dir, launcher);
    try {
      await shop.ready(signal);
    } catch (error) {
      await shop.stop();
      throw error;
    }
    shop.readyMs = performance.now() - startedAt;
    return shop;
  }

  get url(): string {
    return this.state.url;
  }

  /** Base URL of the store with the Zipkin API. */
  get tracesUrl(): string {
    const { url = '' } = this.part(this.way === 'embedded' ? 'traces (Zipkin API)' : 'zipkin');
    return url.replace(/\/$/, '');
  }

  part(name: string): Part {
    const part = this.state.parts.find((each) => each.name === name);
    if (!part) throw new Error(`this shop has no ${name}`);
    return part;
  }

  /** Each process that runs now; the embedded shop has one, `shop`. */
  processIds(): Map<string, ProcessId> {
    const launcher = processOf(this.launcher.pid ?? 0);
    const own = this.way === 'embedded' ? 'shop' : 'launcher';
    return new Map([
      ...this.state.parts.flatMap(({ name, process }): [string, ProcessId][] =>
        runs(process) ? [[name, process]] : [],
      ),
      ...(launcher ? [[own, launcher] as const] : []),
    ]);
  }

  processes(): Map<string, number> {
    return new Map([...this.processIds()].map(([name, { pid }]) => [name, pid]));
  }

  /** Ends it as Ctrl-C does, and waits until all its processes have ended. */
  async stop(): Promise<void> {
    const parts = readState(this.dir)?.parts ?? [];
    if (this.launcher.exitCode === null && this.launcher.signalCode === null) {
      this.launcher.kill('SIGTERM');
      await once(this.launcher, 'exit');
    }
    await Promise.all(parts.map(({ process }) => ends(process, 5000)));
  }

  private async ready(signal: AbortSignal | undefined): Promise<void> {
    while (!this.says().includes('is ready:')) {
      signal?.throwIfAborted();
      if (this.launcher.exitCode !== null || this.launcher.signalCode !== null)
        throw new CommandError(`the shop did not start: ${lastLines(this.says())}`);
      await sleep(10);
    }
  }

  private get state(): State {
    const state = readState(this.dir);
    if (!state) throw new Error(`the shop's launcher has ended: ${lastLines(this.says())}`);
    return state;
  }

  private says(): string {
    return readFileSync(join(this.dir, LAUNCHER_FILE), 'utf8');
  }
}
