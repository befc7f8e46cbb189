import { type Context, type Span, trace } from '@opentelemetry/api';
import { apiTraces, type Traces } from './api-traces.ts';
import { context } from './context.ts';
import {
  type DeliveredMessage,
  type OperationName,
  type SentMessage,
  stampPublished,
} from './message-facts.ts';
import {
  MessageOperations,
  type MessageOperationsOptions,
  type Operation,
} from './message-operations.ts';
import { errorType, failSpan, inSpan } from './spans.ts';

/** The error that left the handler; undefined when it handled the message. */
export type Failure = { readonly error: unknown } | undefined;

/** A messaging operation that is over, for metrics. The duration of `process` is that of the handler. */
export interface EndedOperation {
  readonly system: string;
  readonly operation: OperationName;
  readonly destination: string;
  readonly seconds: number;
  /** Few values; undefined for a success. */
  readonly errorType: string | undefined;
  /** How long a message that is processed was with the broker; undefined where its sender did not say when it was sent. */
  readonly waitedSeconds: number | undefined;
}

/** What the spans of messages have in common. */
export interface MessageSpansOptions extends MessageOperationsOptions {
  /** Called when an operation is over. */
  readonly observed?: (operation: EndedOperation) => void;
}

/** A span that is ended by hand. */
export interface StartedOperation {
  /** For the work inside the span. */
  readonly context: Context;
  /** Only the first call counts. */
  end(failure?: Failure): void;
}

type Settle = (failure: Failure) => Promise<void>;

/** Spans of messages, as OpenTelemetry's messaging conventions name them. For any AMQP client; `traceChannel` does it for amqplib's. */
export class MessageSpans {
  private readonly operations: MessageOperations;

  /** Without `traces`: those of the SDK that is registered with `@opentelemetry/api`. */
  constructor(
    private readonly options: MessageSpansOptions = {},
    private readonly traces: Traces = apiTraces,
  ) {
    this.operations = new MessageOperations(options, traces);
  }

  /** A PRODUCER span. Its context and the time go into `headers`, then `send` runs. It ends when `send` does, best with the broker's confirmation. */
  publish(
    message: SentMessage,
    headers: Record<string, unknown>,
    send: () => Promise<void>,
  ): Promise<void> {
    return this.sending(message, send, () => {
      this.inject(context.active(), headers);
    });
  }

  /** The same for a message that is moved, say to a dead-letter queue: the context of its creation stays in its headers. */
  forward(
    message: SentMessage,
    headers: Record<string, unknown>,
    send: () => Promise<void>,
  ): Promise<void> {
    return this.sending(message, send, () => {
      stampPublished(headers);
    });
  }

  /** What `publish` does for a client that reports the end in a callback. `send` calls the client; the caller ends the operation. */
  startPublish<T>(
    message: SentMessage,
    headers: Record<string, unknown>,
    send: (operation: StartedOperation) => T,
  ): T {
    const started = this.start(this.operations.sending(message));
    this.inject(started.context, headers);
    try {
      return context.with(started.context, () => this.traces.uninstrumented(() => send(started)));
    } catch (error) {
      started.end({ error });
      throw error;
    }
  }

  /**
   * The CONSUMER span of one message that is pushed to its consumer. It runs `handle`, then `settle` with the outcome; without `settle` an error
   * reaches the caller. The active context is that of the connection, not of a caller, so it is no parent.
   */
  process(
    message: DeliveredMessage,
    handle: () => Promise<void>,
    settle: Settle = rethrow,
  ): Promise<void> {
    return this.handled(this.operations.processing(message), handle, settle);
  }

  /** The same for a message that was pulled inside another span: that one is the parent. */
  processPulled(
    message: DeliveredMessage,
    handle: () => Promise<void>,
    settle: Settle = rethrow,
  ): Promise<void> {
    const operation = this.operations.processing(message);
    const around = context.active();
    if (!trace.getSpanContext(around)) return this.handled(operation, handle, settle);
    const options = { ...operation.options, root: false };
    return this.handled({ ...operation, options, parent: around }, handle, settle);
  }

  /** Starts what `process` does, for a client that says later that the message was handled. */
  startProcess(message: DeliveredMessage): StartedOperation {
    return this.start(this.operations.processing(message));
  }

  /** The CONSUMER span of several messages that are handled together: the root of a new trace, with a link to the creation of each. */
  processBatch(
    queue: string,
    messages: readonly DeliveredMessage[],
    handle: () => Promise<void>,
    settle: Settle = rethrow,
  ): Promise<void> {
    return this.handled(this.operations.processingBatch(queue, messages), handle, settle);
  }

  /** The CLIENT span of asking for a message. The one that `get` returns is described and its creation linked. */
  receive<M extends DeliveredMessage | undefined>(
    queue: string,
    get: () => Promise<M>,
  ): Promise<M> {
    const operation = this.operations.receiving(queue);
    return this.run(operation, (span) =>
      this.measured(operation, async () => {
        const message = await get();
        if (message) {
          span.setAttributes(this.operations.describe(message));
          span.addLinks(this.operations.creationOf(message));
        }
        return message;
      }),
    );
  }

  /** The CLIENT span of telling the broker that a message was handled, or not. */
  settle(
    operation: 'ack' | 'nack' | 'reject',
    message: DeliveredMessage,
    act: () => void,
  ): Promise<void> {
    const settling = this.operations.settling(operation, message);
    const work = (): Promise<void> => {
      this.traces.uninstrumented(act);
      return Promise.resolve();
    };
    return this.run(settling, () => this.measured(settling, work));
  }

  /** What `settle` does, at once. @throws what `act` throws. */
  settleNow(
    operation: 'ack' | 'nack' | 'reject',
    message: DeliveredMessage,
    act: () => void,
  ): void {
    const started = this.start(this.operations.settling(operation, message));
    try {
      this.traces.uninstrumented(act);
      started.end();
    } catch (error) {
      started.end({ error });
      throw error;
    }
  }

  private sending(
    message: SentMessage,
    send: () => Promise<void>,
    write: () => void,
  ): Promise<void> {
    const operation = this.operations.sending(message);
    return this.run(operation, async (span) => {
      write();
      await this.measured(operation, () => this.traces.uninstrumented(send));
      const { peer } = this.options;
      if (peer) span.setAttributes(peer()); // the first one waited for the connection
    });
  }

  private handled(operation: Operation, handle: () => Promise<void>, settle: Settle) {
    return this.run(operation, async (span) => {
      const failure: Failure = await this.measured(operation, handle).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      if (failure) failSpan(span, failure.error);
      await settle(failure);
    });
  }

  private run<T>(operation: Operation, work: (span: Span) => Promise<T>): Promise<T> {
    const { options, parent } = operation;
    const name = nameOf(operation);
    if (!parent) return inSpan(this.traces, name, options, work);
    return context.with(parent, () => inSpan(this.traces, name, options, work));
  }

  private start(operation: Operation): StartedOperation {
    const began = performance.now();
    const parent = this.traces.enter(operation.parent ?? context.active());
    const span = this.traces.tracer.startSpan(nameOf(operation), operation.options, parent);
    let ended = false;
    const end = (failure?: Failure): void => {
      if (ended) return;
      ended = true;
      if (failure) failSpan(span, failure.error);
      span.end();
      this.observe(operation, began, failure);
    };
    return { context: trace.setSpan(parent, span), end };
  }

  private async measured<T>(operation: Operation, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    let failure: Failure;
    try {
      return await work();
    } catch (error) {
      failure = { error };
      throw error;
    } finally {
      this.observe(operation, began, failure);
    }
  }

  private observe(of: Operation, began: number, failure: Failure): void {
    const { operation, destination, waitedMs } = of;
    this.options.observed?.({
      system: this.options.system ?? 'rabbitmq',
      operation,
      destination,
      seconds: (performance.now() - began) / 1000,
      errorType: failure && errorType(failure.error),
      waitedSeconds: waitedMs === undefined ? undefined : waitedMs / 1000,
    });
  }

  private inject(from: Context, headers: Record<string, unknown>): void {
    const written: Record<string, string> = {};
    this.traces.inject(from, written);
    Object.assign(headers, written);
    stampPublished(headers);
  }
}

function nameOf({ operation, destination }: Operation): string {
  return `${operation} ${destination}`;
}

async function rethrow(failure: Failure): Promise<void> {
  if (failure) throw await Promise.resolve(failure.error);
}
