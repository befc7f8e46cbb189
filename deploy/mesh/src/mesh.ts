import { type Service, type ServiceName, SERVICES } from '@sockshop/parts';
import { autoCanary } from './auto-canary.ts';
import * as commands from './commands.ts';
import { MeshError } from './mesh-error.ts';
import type { Processes } from './processes.ts';
import type { CommandName, Request } from './requests.ts';
import { type InstanceFigures, instanceFigures, type MeshRouter } from './router.ts';
import { ServiceMesh, worksOffQueue } from './service-mesh.ts';
import type { Say } from './version.ts';
import { EVENTS, type MeshEvent, type MeshView, type ServiceView } from './view.ts';

export interface MeshOptions {
  readonly url: string;
  /** Base URL of the router's statistics. */
  readonly statistics?: string;
  readonly processes: Processes;
  readonly router: MeshRouter;
}

/** What the commands say about requests means nothing to a service that gets none. */
const OF_REQUESTS: readonly CommandName[] = ['canary', 'ab', 'limit', 'breaker'];

/** The versions and instances of every service of a running shop, and the commands that change them. */
export class Mesh {
  private readonly services: ReadonlyMap<ServiceName, ServiceMesh>;
  private readonly events: MeshEvent[] = [];

  constructor(private readonly options: MeshOptions) {
    const { processes, router } = options;
    this.services = new Map(
      SERVICES.map((service) => {
        const { name } = service;
        const happened = (says: string): void => {
          this.events.push({ at: new Date().toISOString(), service: name, says });
          if (this.events.length > EVENTS) this.events.shift();
        };
        return [name, new ServiceMesh({ service, processes, router, happened })];
      }),
    );
  }

  /** Starts the first version of a service; `ports` of its instances, undefined for free ones. */
  async begin(service: Service, ports: readonly (number | undefined)[], say: Say): Promise<void> {
    await this.of(service.name).begin(ports, say);
  }

  /** Resolves when it is done; `say` hears each step. @throws MeshError: nothing has been changed by a command that is refused. */
  async run<C extends CommandName>(command: C, request: Request<C>, say: Say): Promise<void> {
    const mesh = this.of(request.service);
    this.check(command, mesh);
    const ended = command === 'rollback' && (await mesh.interrupt('canary'));
    if (ended && !mesh.candidate && mesh.canary?.state === 'rolled back') {
      say(`${mesh.stable.name} has all requests: the canary was rolling back by itself`);
      return;
    }
    await mesh.alone(command, (tell, ending) => this.work(command, request, tell, ending), say);
  }

  async view(): Promise<MeshView> {
    const { url, statistics } = this.options;
    const figures = await this.figures();
    return {
      url,
      ...(statistics !== undefined && { statistics }),
      services: [...this.services.values()].map((mesh) => mesh.view(figures)),
      events: this.events,
    };
  }

  async serviceView(name: ServiceName): Promise<ServiceView> {
    return this.of(name).view(await this.figures());
  }

  /** Without a router that answers, the rest is still worth a look. */
  private figures(): Promise<ReadonlyMap<string, InstanceFigures>> {
    return instanceFigures(this.options.router).catch(() => new Map<string, InstanceFigures>());
  }

  private of(name: ServiceName): ServiceMesh {
    const mesh = this.services.get(name);
    if (!mesh) throw new MeshError(404, `there is no service ${name}`);
    return mesh;
  }

  private check(command: CommandName, mesh: ServiceMesh): void {
    mesh.requireStarted();
    if (worksOffQueue(mesh.service) && OF_REQUESTS.includes(command))
      throw new MeshError(
        409,
        `${mesh.name} gets its work from the queue, not by requests: its versions share the messages by their number of instances, so use scale`,
      );
    if (mesh.hasVariant && command === 'canary')
      throw new MeshError(409, `an A/B test of ${mesh.name} is running: end it with ab --off`);
  }

  private async work<C extends CommandName>(
    command: C,
    request: Request<C>,
    say: Say,
    ending: AbortSignal,
  ): Promise<void> {
    const { processes, router } = this.options;
    const mesh = this.of(request.service);
    if ('dir' in request || 'set' in request || 'image' in request)
      await requireProgram(processes, mesh.service, request);
    const all: { readonly [N in CommandName]: (given: Request<N>) => Promise<void> } = {
      scale: (given) => commands.scale(mesh, given, say),
      resize: (given) => commands.resize(mesh, processes, given, say),
      deploy: (given) => commands.deploy(mesh, given, say),
      canary: (given) =>
        'auto' in given
          ? autoCanary(mesh, router, given, { say, ending })
          : commands.canary(mesh, given, say),
      promote: (given) => commands.promote(mesh, given, say),
      rollback: () => commands.rollback(mesh, say),
      ab: (given) => commands.ab(mesh, given, say),
      limit: (given) => commands.limit(mesh, given, say),
      breaker: (given) => commands.breaker(mesh, given, say),
      upgrade: (given) => commands.upgrade(mesh, given, say),
    };
    await all[command](request);
  }
}

async function requireProgram(
  processes: Processes,
  service: Service,
  request: Pick<Request<'deploy'>, 'set' | 'dir' | 'image'>,
): Promise<void> {
  try {
    await processes.requireProgram(service, commands.buildOf(request));
  } catch (error) {
    throw new MeshError(409, commands.reason(error), { cause: error });
  }
}
