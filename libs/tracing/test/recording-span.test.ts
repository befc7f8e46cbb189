import { type Span, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import { describe, expect, it } from '@jest/globals';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { context } from '../src/context.ts';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';

const START: [number, number] = [1_700_000_000, 0];
const END: [number, number] = [1_700_000_001, 5000];
const LINK = { context: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 } };

/** What a reader of the span sees, without ids and origin. */
const shown = (span: ReadableSpan | undefined) =>
  span && {
    name: span.name,
    kind: span.kind,
    startTime: span.startTime,
    endTime: span.endTime,
    duration: span.duration,
    status: span.status,
    attributes: span.attributes,
    events: span.events.map(({ name, time, attributes = {} }) => ({ name, time, attributes })),
    links: span.links.map(({ context: linked, attributes = {} }) => ({ linked, attributes })),
    ended: span.ended,
    dropped: [span.droppedAttributesCount, span.droppedEventsCount, span.droppedLinksCount],
  };

/** The span that `work` makes with our tracer, and with the SDK's. */
async function both(work: (tracer: Tracer) => void) {
  const ours = new InMemorySpanExporter();
  const theirs = new InMemorySpanExporter();
  const tracing = await Tracing.start('carts', tracingConfig({}), ours);
  const spanProcessors = [new SimpleSpanProcessor({ exporter: theirs })];
  work(tracing.tracer);
  work(new TracerProvider({ spanProcessors }).getTracer('carts'));
  const spans = [ours, theirs].map((exporter) => exporter.getFinishedSpans().map(shown));
  await tracing.shutdown();
  return { ours: spans[0], theirs: spans[1] };
}

const many = (count: number, prefix = 'a') =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, index]));

describe('a recorded span', () => {
  it.each<[string, (span: Span) => void]>([
    [
      'attributes of every type',
      (span) => {
        span.setAttributes({
          text: 'x',
          number: 1,
          truth: true,
          list: ['a', 'b'],
          map: { a: [1] },
          none: undefined,
        });
        span.setAttribute('text', 'y').setAttribute('', 'no name');
      },
    ],
    [
      'an attribute that cannot be one',
      (span) => {
        span.setAttribute('given', Symbol('x')).setAttribute('kept', 1);
      },
    ],
    [
      'more attributes than are kept',
      (span) => {
        span.setAttributes(many(140)).setAttribute('a3', 'changed').setAttribute('late', ['x']);
      },
    ],
    [
      'events, with and without time',
      (span) => {
        span
          .addEvent('one', { a: 1 }, START)
          .addEvent('two', START)
          .addEvent('three', many(130), START);
      },
    ],
    [
      'more events than are kept',
      (span) => {
        for (let index = 0; index < 130; index += 1) span.addEvent(`event ${index}`, START);
      },
    ],
    [
      'more links than are kept',
      (span) => {
        span.addLinks(Array.from({ length: 130 }, (_, n) => ({ ...LINK, attributes: { n } })));
      },
    ],
    [
      'an error that a later success does not hide',
      (span) => {
        span.setStatus({ code: SpanStatusCode.ERROR, message: 'no socks' });
        span.setStatus({ code: SpanStatusCode.UNSET });
      },
    ],
    [
      'OK, which is final and has no message',
      (span) => {
        span.setStatus({ code: SpanStatusCode.OK, message: 'fine' });
        span.setStatus({ code: SpanStatusCode.ERROR, message: 'no socks' });
      },
    ],
    [
      'exceptions of each form',
      (span) => {
        const stack = 'Error: no socks\n    at shelf';
        span.recordException({ name: 'StockError', message: 'no socks', stack }, START);
        span.recordException({ code: 'ECONNRESET', message: 'reset' }, START);
        span.recordException('no socks', START);
      },
    ],
    [
      'another name',
      (span) => {
        span.updateName('renamed');
      },
    ],
    [
      'nothing after its end',
      (span) => {
        span.end(END);
        span.setAttribute('a', 1).addEvent('late').addLink(LINK).updateName('late');
        span.setStatus({ code: SpanStatusCode.ERROR }).recordException('late');
      },
    ],
  ])('has %s, as the SDK has it', async (_what, work) => {
    const { ours, theirs } = await both((tracer) => {
      const attributes = { given: 'x', absent: undefined };
      const span = tracer.startSpan('work', {
        kind: SpanKind.CLIENT,
        attributes,
        startTime: START,
        links: [LINK],
      });
      work(span);
      span.end(END);
    });
    expect(ours).toHaveLength(1);
    expect(ours).toEqual(theirs);
  });

  it('ends at its start if it would end before it', async () => {
    const { ours, theirs } = await both((tracer) => {
      tracer.startSpan('work', { startTime: END }).end(START);
    });
    expect(ours).toEqual(theirs);
    expect(ours).toMatchObject([{ endTime: END, duration: [0, 0] }]);
  });

  it('keeps to the limits that are set, also to 0, and counts what it drops', async () => {
    const ours = new InMemorySpanExporter();
    const limits = (env: Record<string, string>) =>
      Tracing.start('carts', tracingConfig(env), ours);
    const fill = ({ tracer }: Tracing): void => {
      const span = tracer.startSpan('work', { attributes: many(3), links: [LINK, LINK, LINK] });
      span.setAttributes({ z: 1, a0: 'again' });
      for (const name of ['one', 'two', 'three']) span.addEvent(name, many(3));
      span.addLink({ ...LINK, attributes: many(3) });
      span.end();
    };
    const none = await limits({
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '0',
      OTEL_SPAN_EVENT_COUNT_LIMIT: '0',
      OTEL_SPAN_LINK_COUNT_LIMIT: '0',
    });
    fill(none);
    const some = await limits({
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '2',
      OTEL_SPAN_EVENT_COUNT_LIMIT: '2',
      OTEL_SPAN_LINK_COUNT_LIMIT: '2',
      OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: '1',
      OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: '0',
    });
    fill(some);
    const [empty, short] = ours.getFinishedSpans();
    expect(shown(empty)).toMatchObject({ attributes: {}, events: [], links: [] });
    expect(shown(empty)?.dropped).toEqual([5, 3, 4]);
    expect(short?.attributes).toEqual({ a0: 'again', a1: 1 });
    expect(short?.events.map(({ name, attributes }) => [name, attributes])).toEqual([
      ['two', { a0: 0 }],
      ['three', { a0: 0 }],
    ]);
    expect(short?.events.map(({ droppedAttributesCount }) => droppedAttributesCount)).toEqual([
      2, 2,
    ]);
    expect(short?.links.map(({ droppedAttributesCount }) => droppedAttributesCount ?? 0)).toEqual([
      0, 3,
    ]);
    expect(shown(short)?.dropped).toEqual([2, 1, 2]);
    await Promise.all([none, some].map((tracing) => tracing.shutdown()));
  });

  it.each([
    ['3', { text: 'abc', list: ['abc', 'd'], count: 12_345 }],
    ['0', { text: '', list: ['', ''], count: 12_345 }],
  ])('cuts texts at the length that is set, also at 0, in lists too: %s', async (length, cut) => {
    const ours = new InMemorySpanExporter();
    const config = tracingConfig({ OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: length });
    const tracing = await Tracing.start('carts', config, ours);
    const whole = { text: 'abcdef', list: ['abcdef', 'd'], count: 12_345 };
    const span = tracing.tracer.startSpan('work', {
      attributes: whole,
      links: [{ ...LINK, attributes: whole }],
    });
    span.setAttribute('later', 'abcdef').addEvent('event', whole).end();
    const [ended] = ours.getFinishedSpans();
    expect(ended?.attributes).toEqual({ ...cut, later: cut.text });
    expect([ended?.events[0]?.attributes, ended?.links[0]?.attributes]).toEqual([cut, cut]);
    await tracing.shutdown();
  });

  it('leaves the attributes it was given as they were', async () => {
    const attributes = { given: 'x' };
    await both((tracer) => {
      tracer.startSpan('work', { attributes }).setAttribute('own', 1).end();
    });
    expect(attributes).toEqual({ given: 'x' });
  });
});

describe('a tracer', () => {
  it('starts active spans in each form of the call, and a new trace where a root is asked for', async () => {
    const spans = new InMemorySpanExporter();
    const tracing = await Tracing.start('carts', tracingConfig({}), spans);
    const { tracer } = tracing;
    const ids = tracer.startActiveSpan('outer', (outer) => {
      expect(trace.getSpan(context.active())).toBe(outer);
      tracer.startActiveSpan('options', { attributes: { a: 1 } }, (span) => {
        span.end();
      });
      tracer.startActiveSpan('elsewhere', {}, trace.deleteSpan(context.active()), (span) => {
        span.end();
      });
      tracer.startSpan('root', { root: true }).end();
      outer.end();
      return outer.spanContext();
    });
    const all = spans.getFinishedSpans();
    const parents = Object.fromEntries(
      all.map((span) => [span.name, span.parentSpanContext?.spanId]),
    );
    expect(parents).toEqual({
      options: ids.spanId,
      elsewhere: undefined,
      root: undefined,
      outer: undefined,
    });
    expect(new Set(all.map((span) => span.spanContext().traceId)).size).toBe(3);
    await tracing.shutdown();
  });

  it('gives ten thousand spans ids of their own, in the form that all systems read', async () => {
    const never = tracingConfig({ OTEL_TRACES_SAMPLER: 'always_off' });
    const { tracer } = await Tracing.start('carts', never);
    const contexts = Array.from({ length: 10_000 }, () => tracer.startSpan('work').spanContext());
    expect(new Set(contexts.map(({ spanId }) => spanId)).size).toBe(10_000);
    expect(new Set(contexts.map(({ traceId }) => traceId)).size).toBe(10_000);
    for (const { traceId, spanId } of contexts) {
      expect(traceId).toMatch(/^[\da-f]{32}$/);
      expect(spanId).toMatch(/^[\da-f]{16}$/);
    }
  });
});
