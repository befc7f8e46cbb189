import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { activeSpan, context } from '../src/context.ts';
import { errorType, failSpan, inSpan, Traced } from '../src/spans.ts';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';

const UNSET = { code: 0 };
const ERROR = { code: 2 };

class StockError extends Error {
  override readonly name = 'StockError';
}

let spans: InMemorySpanExporter;
let tracing: Tracing;
beforeEach(async () => {
  spans = new InMemorySpanExporter();
  tracing = await Tracing.start('carts', tracingConfig({}), spans);
});
afterEach(() => tracing.shutdown());

describe('inSpan', () => {
  it('makes a span around the work and answers its result', async () => {
    expect(await inSpan(tracing, 'count', { attributes: { a: 1 } }, () => 42)).toBe(42);
    const [span] = spans.getFinishedSpans();
    expect(span).toMatchObject({ name: 'count', attributes: { a: 1 }, status: UNSET, events: [] });
    expect(span?.instrumentationScope).toEqual({
      name: '@sockshop/tracing',
      version: '1.0.0',
      schemaUrl: expect.stringMatching(/^https:\/\/opentelemetry\.io\/schemas\/\d+\.\d+\.\d+$/),
    });
  });

  it('nests', async () => {
    await inSpan(tracing, 'outer', {}, () => inSpan(tracing, 'inner', {}, () => undefined));
    const [inner, outer] = spans.getFinishedSpans();
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect(outer?.parentSpanContext).toBeUndefined();
  });

  it('marks every span that an error leaves, and records the exception once, innermost', async () => {
    const error = new StockError('no socks');
    const failing = inSpan(tracing, 'outer', {}, () =>
      inSpan(tracing, 'inner', {}, () => Promise.reject(error)),
    );
    await expect(failing).rejects.toBe(error);
    const [inner, outer] = spans.getFinishedSpans();
    expect(inner).toMatchObject({ status: ERROR, attributes: { 'error.type': 'StockError' } });
    expect(inner?.events).toMatchObject([
      {
        name: 'exception',
        attributes: {
          'exception.type': 'StockError',
          'exception.message': 'no socks',
          'exception.stacktrace': expect.stringContaining('StockError'),
        },
      },
    ]);
    expect(outer).toMatchObject({ status: ERROR, attributes: { 'error.type': 'StockError' } });
    expect(outer?.events).toEqual([]);
  });

  it('leaves the outer span alone when the error is handled inside it', async () => {
    await inSpan(tracing, 'outer', {}, async () => {
      await inSpan(tracing, 'inner', {}, () => {
        throw new StockError('no socks');
      }).catch(() => undefined);
    });
    const [inner, outer] = spans.getFinishedSpans();
    expect(inner?.status).toEqual(ERROR);
    expect(outer).toMatchObject({ status: UNSET, attributes: {}, events: [] });
  });

  it('keeps an earlier error when the work succeeds later', async () => {
    await inSpan(tracing, 'work', {}, (span) => {
      failSpan(span, new StockError('no socks'));
    });
    expect(spans.getFinishedSpans()[0]?.status).toEqual(ERROR);
  });

  it('belongs to the service it is given, in a trace begun by another', async () => {
    const others = new InMemorySpanExporter();
    const other = await Tracing.start('orders', tracingConfig({}), others);
    await inSpan(other, 'outer', {}, () =>
      inSpan(tracing, 'inner', {}, () => {
        expect(Tracing.active()).toBe(tracing);
      }),
    );
    const traceId = others.getFinishedSpans()[0]?.spanContext().traceId;
    expect(spans.getFinishedSpans()[0]?.spanContext().traceId).toBe(traceId);
    await other.shutdown();
  });

  it('keeps 128 attributes and counts the others as dropped', async () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`a${index}`, index]),
    );
    await inSpan(tracing, 'work', { attributes }, () => undefined);
    const [span] = spans.getFinishedSpans();
    expect(Object.keys(span?.attributes ?? {})).toHaveLength(128);
    expect(span?.droppedAttributesCount).toBe(72);
  });
});

describe('errorType', () => {
  it.each<[string, unknown, string]>([
    ['the class', new TypeError('x'), 'TypeError'],
    ['the name of a subclass', new StockError('x'), 'StockError'],
    [
      'the reason an error carries',
      Object.assign(new StockError('x'), { reason: 'timeout' }),
      'timeout',
    ],
    ['_OTHER for a plain error', new Error('order 4711 failed'), '_OTHER'],
    ['_OTHER for what is no error', 'order 4711 failed', '_OTHER'],
  ])('is %s', (_case, error, expected) => {
    expect(errorType(error)).toBe(expected);
  });
});

describe('@Traced', () => {
  class Counter {
    constructor(private readonly socks: number) {}

    @Traced()
    count(): Promise<number> {
      return Promise.resolve(this.socks);
    }

    @Traced('count again')
    again(extra: number): Promise<number> {
      return Promise.resolve(this.socks + extra);
    }

    @Traced()
    total(more: number): number {
      return this.socks + more;
    }

    @Traced()
    refuse(): never {
      throw new StockError('no socks');
    }

    @Traced()
    fail(): Promise<never> {
      return Promise.reject(new StockError('no socks'));
    }
  }
  const counter = new Counter(3);

  it('makes an INTERNAL span, named for the method, in the service that is at work', async () => {
    const counted = await context.with(tracing.enter(context.active()), () => counter.count());
    expect(counted).toBe(3);
    expect(spans.getFinishedSpans()).toMatchObject([{ name: 'count', kind: 0, status: UNSET }]);
  });

  it('takes another name and passes arguments on', async () => {
    const work = (): Promise<number> => counter.again(4);
    expect(await context.with(tracing.enter(context.active()), work)).toBe(7);
    expect(spans.getFinishedSpans().map(({ name }) => name)).toEqual(['count again']);
  });

  it('marks a failure', async () => {
    const work = (): Promise<never> => counter.fail();
    await expect(context.with(tracing.enter(context.active()), work)).rejects.toThrow('no socks');
    expect(spans.getFinishedSpans()).toMatchObject([{ name: 'fail', status: ERROR }]);
  });

  it('leaves a synchronous method synchronous, with the time that it took', () => {
    const inService = <T>(work: () => T): T => context.with(tracing.enter(context.active()), work);
    expect(inService(() => counter.total(4))).toBe(7);
    expect(() => inService(() => counter.refuse())).toThrow('no socks');
    expect(spans.getFinishedSpans()).toMatchObject([
      { name: 'total', status: UNSET, ended: true },
      { name: 'refuse', status: ERROR, attributes: { 'error.type': 'StockError' } },
    ]);
  });

  it('is the parent of what the method does', async () => {
    const inner = (): Promise<string> => Promise.resolve(activeSpan()!.spanContext().spanId);
    class Outer {
      @Traced()
      work(): Promise<string> {
        return inner();
      }
    }
    const id = await context.with(tracing.enter(context.active()), () => new Outer().work());
    expect(spans.getFinishedSpans()[0]!.spanContext().spanId).toBe(id);
  });

  it('only runs the method outside of any service', async () => {
    expect(await counter.count()).toBe(3);
    expect(spans.getFinishedSpans()).toEqual([]);
  });
});
