import type { ServiceName } from '@sockshop/parts';
import type { Breaker, Figures, Variant } from './view.ts';

/** What the commands need of the router. */
export interface MeshRouter {
  /** Resolves once the instance gets requests of its version; a second version gets none until `setShares`. */
  addInstance(service: ServiceName, instance: RoutedInstance): Promise<void>;
  /** No new request; resolves when none is left. */
  drainInstance(service: ServiceName, name: string): Promise<void>;
  removeInstance(service: ServiceName, name: string): Promise<void>;
  /** Percent by version, 100 together. */
  setShares(service: ServiceName, shares: Readonly<Record<string, number>>): Promise<void>;
  setVariant(service: ServiceName, variant: Variant | undefined): Promise<void>;
  setLimit(service: ServiceName, perSecond: number | undefined): Promise<void>;
  setBreaker(service: ServiceName, breaker: Breaker | undefined): Promise<void>;
  figures(): Promise<readonly RoutedService[]>;
}

export interface RoutedInstance {
  readonly version: string;
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** What the router counted of one service. */
export interface RoutedService {
  readonly versions: readonly {
    readonly instances: readonly {
      readonly name: string;
      readonly state: string;
      readonly requests: number;
      readonly answers: Readonly<Record<'5xx', number>>;
      /** Requests without an answer. */
      readonly failures: number;
      readonly meanMs: number;
    }[];
  }[];
}

export interface InstanceFigures extends Figures {
  /** Whether it gets requests. */
  readonly up: boolean;
}

/** By the name of the instance. */
export async function instanceFigures(
  router: MeshRouter,
): Promise<ReadonlyMap<string, InstanceFigures>> {
  const services = await router.figures();
  const all = services.flatMap(({ versions }) => versions.flatMap(({ instances }) => instances));
  return new Map(
    all.map(({ name, state, requests, answers, failures, meanMs }) => [
      name,
      { up: state === 'up', requests, errors: answers['5xx'] + failures, meanMs },
    ]),
  );
}
