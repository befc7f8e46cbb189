import {
  type Context,
  type ContextAPI,
  context as apiContext,
  type ContextManager,
  type Span,
  trace,
  type TracerProvider,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';

/** What the copies of `@opentelemetry/api` in a process share. The copy that registers something first makes it and sets its version. */
export interface GlobalApi {
  readonly version: string;
  context?: ContextManager;
  trace?: TracerProvider;
}

const KEY = Symbol.for('opentelemetry.js.api.1');
const own = new AsyncLocalStorageContextManager();
let known: GlobalApi | undefined;

/** Undefined until something is registered. `@opentelemetry/api` hides it from a copy that is newer than the one that made it. */
export function globalApi(): GlobalApi | undefined {
  known ??= (globalThis as { [KEY]?: GlobalApi })[KEY]; // stays the same object once it exists
  return known;
}

/** The context manager of a foreign agent, whatever version of the API it brings; else ours. */
function manager(): ContextManager {
  return (known ?? globalApi())?.context ?? own;
}

/**
 * As `context` of `@opentelemetry/api`, which sees nothing where an agent was loaded that brings an older API. Contexts of all versions
 * fit: their keys are symbols by name.
 */
export const context: Pick<ContextAPI, 'active' | 'with' | 'bind'> = {
  active: () => manager().active(),
  with: (from, work, self, ...args) => manager().with(from, work, self, ...args),
  bind: <T>(to: Context, target: T) => manager().bind(to, target),
};

/** As `trace.getActiveSpan()` of `@opentelemetry/api`, for the same reason. */
export function activeSpan(): Span | undefined {
  return trace.getSpan(context.active());
}

/** Makes our context manager that of the process, unless it has one. */
export function registerContextManager(): void {
  const api = globalApi();
  if (api === undefined) apiContext.setGlobalContextManager(own);
  else api.context ??= own; // the API refuses an object of another version
}
