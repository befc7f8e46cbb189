import type { Breaker, Variant } from '@sockshop/edge-router';

/** What `GET /mesh` answers. The Observatory and `npm run mesh -- status` draw it. */
export interface MeshView {
  readonly url: string;
  /** Base URL of the router's statistics. */
  readonly statistics?: string;
  readonly services: readonly ServiceView[];
  /** The newest last, at most {@link EVENTS}. */
  readonly events: readonly MeshEvent[];
}

export const EVENTS = 100;

export interface MeshEvent {
  readonly at: string;
  readonly service: string;
  readonly says: string;
}

export interface ServiceView {
  readonly name: string;
  /** The oldest first: it is the one that `rollback` keeps. */
  readonly versions: readonly VersionView[];
  readonly variant?: Variant | undefined;
  readonly limit?: { readonly perSecond: number } | undefined;
  readonly breaker?: Breaker | undefined;
  /** The command at work. */
  readonly running?: { readonly command: string; readonly since: string; readonly says: string };
  readonly canary?: CanaryView | undefined;
}

export interface VersionView {
  readonly version: string;
  /** Percent of the requests. Absent for a service that gets its work from the queue. */
  readonly share?: number;
  /** The image, the folder of its code, or `this build`. */
  readonly from: string;
  /** Names of the variables that `deploy` set; their values may be secrets. */
  readonly set?: readonly string[];
  readonly instances: readonly InstanceView[];
  readonly figures?: Figures | undefined;
}

export interface InstanceView {
  readonly name: string;
  readonly state: InstanceState;
  readonly pid?: number | undefined;
  readonly port: number;
  readonly restarts: number;
  readonly memoryMiB?: number | undefined;
  readonly cpu?: number | undefined;
  readonly figures?: Figures | undefined;
}

/** `ejected`: the router sends it nothing, as its checks fail or its answers are errors. */
export type InstanceState = 'starting' | 'ready' | 'ejected' | 'draining' | 'restarting';

/** Since the instance registered. */
export interface Figures {
  readonly requests: number;
  /** Answers of 500 and more, and requests without an answer. */
  readonly errors: number;
  /** Mean time of the newest requests. */
  readonly meanMs: number;
}

export interface CanaryView {
  readonly version: string;
  readonly state: 'measuring' | 'promoted' | 'rolled back';
  readonly steps: readonly number[];
  /** The step being measured, in percent. */
  readonly share: number;
  /** Measured in this step. */
  readonly requests: number;
  readonly of: number;
  readonly errors: number;
  readonly p95Ms?: number | undefined;
  readonly maxErrorRate: number;
  readonly maxP95Ms?: number | undefined;
  readonly why?: string | undefined;
}
