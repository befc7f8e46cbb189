import type { Service } from '@sockshop/parts';

/** What a version runs. */
export interface Build {
  /** A folder with the service's `dist/main.js` or `main.js`; undefined for this build. */
  readonly dir?: string | undefined;
  /** A container of this image, in place of a process. */
  readonly image?: string | undefined;
  /** Variables in addition to those of the launcher. */
  readonly set: Readonly<Record<string, string>>;
}

/** What an instance may use. Absent: no limit. */
export interface Limits {
  readonly memoryMiB?: number | undefined;
  /** Processors: 0.5 is half of one. */
  readonly cpu?: number | undefined;
}

export interface InstanceSpec {
  readonly service: Service;
  readonly version: string;
  /** It is also the instance's id in spans. */
  readonly name: string;
  readonly build: Build;
  readonly limits: Limits;
  /** Undefined: a free one. */
  readonly port?: number | undefined;
}

/** One process or container of a service. It is started again when it ends, on its port, until it is stopped. */
export interface RunningInstance {
  readonly port: number;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  readonly restarts: number;
  /** Resolves when it can serve. @throws Error when it ends before, or takes too long. */
  ready(): Promise<void>;
  /** Asks it to end, which it does when it has answered its requests, and forgets it. */
  stop(): Promise<void>;
}

/** Starts the processes of services. */
export interface Processes {
  start(spec: InstanceSpec): Promise<RunningInstance>;
  /** Why a limit is not possible here; undefined where it is. */
  limitsProblem(limits: Limits, build: Build): string | undefined;
  /** The program or the image of the build. @throws Error where there is none. */
  requireProgram(service: Service, build: Build): Promise<void>;
}
