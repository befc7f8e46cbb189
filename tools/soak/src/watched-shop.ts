import { CommandError } from '@sockshop/cli';
import { OwnShop } from '@sockshop/measure';
import { type Part, readState, runs, type State, type WayName } from '@sockshop/supervisor';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Watched } from './sampler.ts';

/** A shop that is looked at: one started for it, or one that runs. */
export class WatchedShop implements Watched {
  private constructor(
    readonly dir: string,
    private readonly own: OwnShop | undefined,
  ) {}

  /** On free ports, with its data in a folder that is deleted at the end. */
  static async start(way: WayName, signal: AbortSignal): Promise<WatchedShop> {
    const dir = mkdtempSync(join(tmpdir(), 'sock-shop-soak-'));
    try {
      return new WatchedShop(dir, await OwnShop.start({ way, dir }, signal));
    } catch (error) {
      rmSync(dir, { recursive: true });
      throw error;
    }
  }

  /** @throws CommandError where none runs there */
  static running(dir: string): WatchedShop {
    const state = readState(dir);
    if (!state || !runs(state.launcher) || !state.url.startsWith('http'))
      throw new CommandError(`No shop runs in ${dir}: npm run status shows where one does.`);
    return new WatchedShop(dir, undefined);
  }

  get way(): WayName {
    return this.state.way;
  }

  get url(): string {
    return this.state.url;
  }

  part(name: string): Part | undefined {
    return this.state.parts.find((each) => each.name === name);
  }

  processes(): Map<string, number> {
    const { way, launcher, parts } = this.state;
    return new Map([
      ...parts.flatMap(({ name, process }): [string, number][] =>
        runs(process) ? [[name, process.pid]] : [],
      ),
      [way === 'embedded' ? 'shop' : 'launcher', launcher.pid],
    ]);
  }

  services(): { name: string; process: string; url: string }[] {
    const { way, parts } = this.state;
    return parts
      .filter(({ kind }) => kind === 'service')
      .map(({ name, url = '' }) => ({ name, url, process: way === 'embedded' ? 'shop' : name }));
  }

  /** Ends it where it was started for this. */
  async stop(): Promise<void> {
    if (!this.own) return;
    await this.own.stop();
    rmSync(this.dir, { recursive: true });
  }

  private get state(): State {
    const state = readState(this.dir);
    if (!state) throw new CommandError(`The shop in ${this.dir} has ended.`);
    return state;
  }
}
