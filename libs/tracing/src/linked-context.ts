import type { Context } from '@opentelemetry/api';

/**
 * A context that points to the one it was made from. OpenTelemetry's own copies a map for every value, and a request sets four of them.
 */
class LinkedContext implements Context {
  constructor(
    private readonly key: symbol,
    private readonly value: unknown,
    private readonly outer: LinkedContext | undefined,
  ) {}

  getValue(key: symbol): unknown {
    // oxlint-disable-next-line typescript/no-this-alias -- a walk begins here
    let at: LinkedContext | undefined = this;
    while (at !== undefined && at.key !== key) at = at.outer;
    return at?.value;
  }

  setValue(key: symbol, value: unknown): Context {
    return new LinkedContext(key, value, this);
  }

  deleteValue(key: symbol): Context {
    return new LinkedContext(key, undefined, this);
  }
}

/** Where the context of a request or message begins. */
export const NO_CONTEXT: Context = new LinkedContext(Symbol('nothing'), undefined, undefined);
