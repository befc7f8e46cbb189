import { ROOT } from '@sockshop/measure';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call } from './call.ts';
import type { Engine } from './engine.ts';
import type { Profile } from './options.ts';
import { until } from './until.ts';

const FOLDER = join(ROOT, 'deploy/compose');

/** What `docker compose config` makes of a service; the parts that are read here. */
export interface ServiceConfig {
  readonly image: string;
  readonly build?: {
    readonly dockerfile: string;
    readonly args?: Readonly<Record<string, string>>;
    readonly target?: string;
  };
  readonly mem_limit?: string;
  readonly ports?: readonly { readonly target: number; readonly published: string }[];
}

export interface Container {
  readonly id: string;
  readonly service: string;
  readonly state: string;
  readonly health: string;
  readonly restarts: number;
  readonly pid: number;
  readonly image: string;
}

/** The project of deploy/compose on an engine, with these profiles. */
export class Stack {
  private readonly dir = mkdtempSync(join(tmpdir(), 'sock-shop-containers-'));
  private readonly images = join(this.dir, 'images.yaml');

  constructor(
    private readonly engine: Engine,
    private readonly profiles: readonly Profile[],
    private readonly settings: Readonly<Record<string, string>>,
  ) {
    this.useImages({});
  }

  /** As one who edits the tags in compose.yaml; takes effect with the next `up`. */
  useImages(images: Readonly<Record<string, string>>): void {
    const services = Object.entries(images).map(([name, image]) => [name, { image }]);
    writeFileSync(
      this.images,
      JSON.stringify({ services: Object.fromEntries(services) as object }),
    );
  }

  async up(...words: string[]): Promise<void> {
    await this.compose('up', '--detach', '--no-build', '--pull', 'never', ...words);
  }

  async down(...words: string[]): Promise<void> {
    await this.compose('down', '--remove-orphans', ...words);
  }

  compose(...words: string[]): Promise<string> {
    const files = this.profiles.flatMap((name) => [
      '--env-file',
      join(FOLDER, 'profiles', `${name}.env`),
    ]);
    const project = [
      '--project-name',
      'sock-shop-test',
      '-f',
      join(FOLDER, 'compose.yaml'),
      '-f',
      this.images,
    ];
    return call([...this.engine.compose, ...files, ...project, ...words], {
      ...this.engine.env,
      ...this.settings,
    });
  }

  async config(): Promise<Record<string, ServiceConfig>> {
    const text = await this.compose('config', '--format', 'json');
    return (JSON.parse(text) as { services: Record<string, ServiceConfig> }).services;
  }

  /** Those of the project, ended ones included. */
  async containers(...services: string[]): Promise<Container[]> {
    const ids = await this.compose('ps', '--all', '--quiet', ...services);
    if (ids === '') return [];
    const text = await this.engine.docker('inspect', ...ids.split('\n'));
    return (JSON.parse(text) as Inspected[]).map(({ Id, RestartCount, State, Config }) => ({
      id: Id,
      service: Config.Labels['com.docker.compose.service'] ?? '',
      state: State.Status,
      health: State.Health?.Status ?? 'none',
      restarts: RestartCount,
      pid: State.Pid,
      image: Config.Image,
    }));
  }

  /** Until every container of these services is healthy, or runs where it has no check. */
  async ready(...services: string[]): Promise<Container[]> {
    return until(
      () => this.containers(...services),
      (all) =>
        all.length > 0 &&
        all.every(
          ({ state, health }) => state === 'running' && ['healthy', 'none'].includes(health),
        ),
      `${services.join(', ')} ready`,
    );
  }

  dispose(): void {
    rmSync(this.dir, { recursive: true });
  }
}

interface Inspected {
  readonly Id: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: string;
    readonly Pid: number;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: { readonly Image: string; readonly Labels: Readonly<Record<string, string>> };
}
