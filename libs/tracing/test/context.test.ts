import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import api, { createContextKey, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { setImmediate as turn } from 'node:timers/promises';

/** A user's key, and those of the API and the SDK: copies of any version must find each other's values. */
const MARK = createContextKey('mark');
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');
const SUPPRESSED = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

const shared = globalThis as Record<symbol, object | undefined>;
const apiContext = api.context;
const API = Symbol.for('opentelemetry.js.api.1');
const marked = ROOT_CONTEXT.setValue(MARK, 'user1');

/** The lib as a new process loads it. */
async function loaded() {
  jest.resetModules();
  return import('../src/index.ts');
}

describe('context', () => {
  beforeEach(() => {
    Reflect.deleteProperty(shared, API);
  });

  it('works before anything is registered', async () => {
    const { context } = await loaded();
    await context.with(marked, async () => {
      await turn();
      expect(context.active()).toBe(marked);
    });
    expect(context.active().getValue(MARK)).toBeUndefined();
  });

  it('is that of the API once a service has started', async () => {
    const { context, Tracing } = await loaded();
    await Tracing.start('carts');
    expect(context.with(marked, () => apiContext.active())).toBe(marked);
    expect(apiContext.with(marked, () => context.active())).toBe(marked);
  });

  it.each(['1.0.0', '1.9.0', '1.10.0', '1.99.0'])(
    'is that of an agent with version %s of the API',
    async (version) => {
      const theirs = new AsyncLocalStorageContextManager();
      const agent = { version, context: theirs, trace: trace.getTracerProvider() };
      shared[API] = agent;
      const { context, Tracing } = await loaded();
      await Tracing.start('orders');
      expect(agent.context).toBe(theirs);
      expect(theirs.with(marked, () => context.active())).toBe(marked);
      expect(context.with(marked, () => theirs.active())).toBe(marked);
      expect(
        theirs.with(
          marked,
          context.bind(ROOT_CONTEXT, () => theirs.active()),
        ),
      ).toBe(ROOT_CONTEXT);
    },
  );

  it('serves copies of the API that are older and hold no manager', async () => {
    shared[API] = { version: '1.9.0' }; // a library has set only its logger
    const { context, Tracing } = await loaded();
    await Tracing.start('user');
    const { context: theirs } = shared[API] as { context: AsyncLocalStorageContextManager };
    expect(context.with(marked, () => theirs.active())).toBe(marked);
  });

  it('has keys that every version knows', async () => {
    const { activeSpan, context, Tracing, untraced } = await loaded();
    const { tracer } = await Tracing.start('payment');
    const span = tracer.startSpan('outer');
    const active = trace.setSpan(ROOT_CONTEXT, span);
    expect(active.getValue(SPAN)).toBe(span);
    expect(context.with(active, activeSpan)).toBe(span);
    expect(untraced(() => context.active().getValue(SUPPRESSED))).toBe(true);
  });
});
