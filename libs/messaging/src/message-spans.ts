import { type Attributes, type Span, SpanKind, type SpanOptions, trace } from '@opentelemetry/api';
import type { Telemetry } from '@sockshop/telemetry';
import { context, errorType, failSpan, inSpan, semconv } from '@sockshop/tracing';
import type { Target } from './message.ts';
import type { Delivery, Transport, WireMessage } from './transport.ts';

/** The error that left the handler; undefined when it handled the message. */
export type Failure = { readonly error: unknown } | undefined;

/** Spans and metrics of messages, as OpenTelemetry's messaging conventions name them. */
export class MessageSpans {
  constructor(
    private readonly telemetry: Telemetry,
    private readonly transport: Transport,
  ) {}

  publish(target: Target, message: WireMessage, send: () => Promise<void>): Promise<void> {
    const destination = joined(target.exchange, target.routingKey);
    const options: SpanOptions = {
      kind: SpanKind.PRODUCER,
      attributes: {
        ...this.common('publish', 'send', destination, target.routingKey, message),
        ...this.broker(),
      },
    };
    return inSpan(this.telemetry, `publish ${destination}`, options, async (span) => {
      await this.measured('publish', destination, send);
      span.setAttributes(this.transport.peerAttributes()); // the first one waited for the connection
    });
  }

  /**
   * The span of one message that is delivered to its consumer. It runs `handle`, then `settle` with the outcome. It is a child of the
   * context in which the message was created, and linked to it as well.
   */
  process(
    delivery: Delivery,
    queue: string,
    attempt: number,
    headers: Readonly<Record<string, unknown>>,
    handle: () => Promise<void>,
    settle: (failure: Failure) => Promise<void>,
  ): Promise<void> {
    const destination = consumed(delivery, queue);
    const created = this.telemetry.extract(headers);
    const creator = trace.getSpanContext(created);
    const options: SpanOptions = {
      kind: SpanKind.CONSUMER,
      links: creator ? [{ context: creator }] : [],
      attributes: {
        ...this.common('process', 'process', destination, delivery.routingKey, delivery.message),
        ...this.tag(delivery),
        ...this.broker(),
        [semconv.SOCKSHOP_MESSAGE_ATTEMPT]: attempt,
      },
    };
    const work = async (span: Span): Promise<void> => {
      const failure: Failure = await this.measured('process', destination, handle).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      if (failure) failSpan(span, failure.error);
      await settle(failure);
    };
    return context.with(created, () =>
      inSpan(this.telemetry, `process ${destination}`, options, work),
    );
  }

  /**
   * Settling calls the broker, so the kind is CLIENT. The span names no remote service: Zipkin would draw an edge consumer → broker,
   * while the CONSUMER span has drawn broker → consumer already.
   */
  settle(
    operation: 'ack' | 'nack',
    delivery: Delivery,
    queue: string,
    act: () => void,
  ): Promise<void> {
    const destination = consumed(delivery, queue);
    const options: SpanOptions = {
      kind: SpanKind.CLIENT,
      attributes: {
        ...this.common(operation, 'settle', destination, delivery.routingKey, delivery.message),
        ...this.tag(delivery),
      },
    };
    return inSpan(this.telemetry, `${operation} ${destination}`, options, () =>
      this.measured(operation, destination, () => {
        this.telemetry.uninstrumented(act);
        return Promise.resolve();
      }),
    );
  }

  private async measured(
    operation: 'publish' | 'process' | 'ack' | 'nack',
    destination: string,
    work: () => Promise<void>,
  ): Promise<void> {
    const started = performance.now();
    let failed: string | undefined;
    try {
      await work();
    } catch (error) {
      failed = errorType(error);
      throw error;
    } finally {
      const { system } = this.transport;
      const seconds = (performance.now() - started) / 1000;
      this.telemetry.metrics.observeMessaging(seconds, {
        system,
        operation,
        destination,
        errorType: failed,
      });
    }
  }

  private common(
    operation: string,
    type: 'send' | 'process' | 'settle',
    destination: string,
    routingKey: string,
    message: WireMessage,
  ): Attributes {
    const { messageId, correlationId } = message;
    return {
      [semconv.MESSAGING_SYSTEM]: this.transport.system,
      [semconv.MESSAGING_OPERATION_NAME]: operation,
      [semconv.MESSAGING_OPERATION_TYPE]: type,
      [semconv.MESSAGING_DESTINATION_NAME]: destination,
      ...(this.isRabbit && { [semconv.MESSAGING_RABBITMQ_ROUTING_KEY]: routingKey }),
      ...(messageId !== undefined && { [semconv.MESSAGING_MESSAGE_ID]: messageId }),
      ...(correlationId !== undefined && {
        [semconv.MESSAGING_MESSAGE_CONVERSATION_ID]: correlationId,
      }),
    };
  }

  private tag(delivery: Delivery): Attributes {
    return this.isRabbit ? { [semconv.MESSAGING_RABBITMQ_DELIVERY_TAG]: delivery.deliveryTag } : {};
  }

  /** On both ends of the queue: without the name Zipkin draws no edge. */
  private broker(): Attributes {
    const { peerName, serverAttributes } = this.transport;
    return {
      [semconv.SERVICE_PEER_NAME]: peerName,
      ...serverAttributes,
      ...this.transport.peerAttributes(),
    };
  }

  private get isRabbit(): boolean {
    return this.transport.system === 'rabbitmq';
  }
}

/** `{exchange}:{routing key}:{queue}`; a routing key that is the queue's name is said once. */
function consumed({ exchange, routingKey }: Delivery, queue: string): string {
  return routingKey === queue ? joined(exchange, queue) : joined(exchange, routingKey, queue);
}

function joined(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(':');
}
