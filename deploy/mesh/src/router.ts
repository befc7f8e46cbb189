import type { Router } from '@sockshop/edge-router';
import type { Figures } from './view.ts';

/** What the commands need of the router. */
export type MeshRouter = Pick<
  Router,
  | 'addInstance'
  | 'drainInstance'
  | 'removeInstance'
  | 'setShares'
  | 'setVariant'
  | 'setLimit'
  | 'setBreaker'
  | 'figures'
>;

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
