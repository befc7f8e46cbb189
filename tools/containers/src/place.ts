import type { Engine } from './engine.ts';
import type { Stack } from './stack.ts';

/** Where the ports of the project are reached. */
export interface Addresses {
  readonly shop: string;
  readonly zipkin: string;
  readonly prometheus: string;
  readonly logs: string;
  readonly jaeger: string;
}

/** What a check of a running project needs. */
export interface Place {
  readonly engine: Engine;
  readonly stack: Stack;
  readonly at: Addresses;
}
