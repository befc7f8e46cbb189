import type { MeshView, ServiceView } from '@sockshop/mesh';
import { SOCKET_FILE } from '@sockshop/mesh';
import { readState } from '@sockshop/supervisor';
import { Launcher, RunningProcess } from '@sockshop/testing';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT } from './options.ts';

/** What a command printed. */
export interface Said {
  readonly code: number | null;
  readonly output: string;
}

/** A distributed shop as a person starts it, and the commands as a person gives them. */
export class CheckedShop {
  private readonly launcher: Launcher;

  constructor(readonly dir: string) {
    const ports = ['--port', '0', '--zipkin-port', '0'];
    const main = join(ROOT, 'deploy/distributed/dist/main.js');
    this.launcher = new Launcher(main, dir, ['start:distributed', ...ports], {
      SHIPPING_DURATION_MS: '100',
    });
  }

  async ready(): Promise<void> {
    await this.launcher.ready();
  }

  get url(): string {
    return this.state.url;
  }

  get zipkin(): string {
    return this.state.parts.find(({ name }) => name === 'zipkin')?.url ?? '';
  }

  /** The words of `npm run mesh --`. */
  async mesh(...words: string[]): Promise<Said> {
    const main = join(ROOT, 'deploy/mesh/dist/main.js');
    const run = new RunningProcess([main, ...words, '--shop', this.dir]);
    return { code: await run.ended, output: run.output };
  }

  /** The same, of a command that must succeed. @throws Error with its words */
  async must(...words: string[]): Promise<string> {
    const { code, output } = await this.mesh(...words);
    if (code !== 0) throw new Error(`mesh ${words.join(' ')} failed: ${output}`);
    return output;
  }

  async view(): Promise<MeshView> {
    const answer = await new Promise<string>((resolve, reject) => {
      const asked = request({ socketPath: join(this.dir, SOCKET_FILE), path: '/mesh' });
      asked.once('error', reject);
      asked.once('response', (response) => {
        text(response).then(resolve, reject);
      });
      asked.end();
    });
    return JSON.parse(answer) as MeshView; // of our own server
  }

  async service(name: string): Promise<ServiceView> {
    const found = (await this.view()).services.find((service) => service.name === name);
    if (!found) throw new Error(`the shop has no ${name}`);
    return found;
  }

  async stop(): Promise<void> {
    await this.launcher.stop();
  }

  private get state() {
    const state = readState(this.dir);
    if (!state) throw new Error(`the shop has ended: ${this.launcher.output}`);
    return state;
  }
}
