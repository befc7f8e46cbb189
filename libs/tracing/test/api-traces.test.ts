import { afterAll, beforeAll, expect, it } from '@jest/globals';
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- what a stock SDK registers its context manager with
import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  CompositePropagator,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from '@opentelemetry/core';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { lowerCased, MessageSpans } from '../src/amqp.ts';
import { BaggageTags } from '../src/baggage.ts';

const exporter = new InMemorySpanExporter();

/** As a stock NodeSDK does it. */
beforeAll(() => {
  const spanProcessors = [new BaggageTags(['session']), new SimpleSpanProcessor({ exporter })];
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const propagators = [new W3CTraceContextPropagator(), new W3CBaggagePropagator()];
  propagation.setGlobalPropagator(new CompositePropagator({ propagators }));
});
afterAll(() => {
  for (const api of [trace, context, propagation]) api.disable();
});

it('messages are traced by the SDK that is registered with the API', async () => {
  const spans = new MessageSpans();
  const target = { exchange: '', routingKey: 'tasks' };
  const headers: Record<string, unknown> = {};
  const baggage = propagation.createBaggage({ session: { value: '7' } });
  await context.with(propagation.setBaggage(context.active(), baggage), () =>
    spans.publish(target, headers, () => Promise.resolve()),
  );
  expect(headers).toEqual({
    traceparent: expect.stringMatching(/^00-[\da-f]{32}-[\da-f]{16}-01$/) as unknown,
    baggage: 'session=7',
    'x-published-at-ms': expect.stringMatching(/^\d{13}$/) as unknown,
  });
  let session: string | undefined;
  const message = { ...target, queue: 'tasks', deliveryTag: 1, attempt: 0 };
  await spans.process({ ...message, headers: lowerCased({ ...headers }) }, () => {
    session = propagation.getActiveBaggage()?.getEntry('session')?.value;
    trace.getTracer('of a user').startSpan('inside').end();
    return Promise.resolve();
  });
  expect(session).toBe('7');
  const [published, inside, processed] = exporter.getFinishedSpans();
  expect([published?.kind, processed?.kind]).toEqual([SpanKind.PRODUCER, SpanKind.CONSUMER]);
  expect(published?.instrumentationScope.name).toBe('@sockshop/tracing');
  const { spanId } = published!.spanContext();
  expect(processed?.parentSpanContext).toMatchObject({ spanId, isRemote: true });
  expect(processed?.links).toHaveLength(1);
  const sessions = [published, inside, processed].map((span) => span?.attributes['session']);
  expect(sessions).toEqual([undefined, undefined, '7']);
  expect(inside?.parentSpanContext?.spanId).toBe(processed?.spanContext().spanId);
});
