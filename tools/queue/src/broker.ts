import { CommandError } from '@sockshop/cli';
import { within } from '@sockshop/resilience';
import { type Channel, type ChannelModel, type ConfirmChannel, connect } from 'amqplib';

/** What a person asked for cannot be done; the message is one line that says why. */
export class QueueError extends CommandError {
  override readonly name = 'QueueError';
}

const CONNECT_MS = 5000;
/** Seconds; after two of them without a sign of life the connection counts as lost. */
const HEARTBEAT = '10';

/** Messages that could be handed out now, and who takes them. */
export interface QueueCounts {
  readonly ready: number;
  readonly consumers: number;
}

/** A RabbitMQ that is looked at: nothing is declared on it. */
export class Broker {
  private constructor(
    private readonly model: ChannelModel,
    /** Host and port. */
    readonly name: string,
  ) {}

  /** @throws QueueError */
  static async at(text: string): Promise<Broker> {
    const url = brokerUrl(text);
    const name = `${url.hostname}:${url.port || (url.protocol === 'amqps:' ? '5671' : '5672')}`;
    if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', HEARTBEAT);
    try {
      const connecting = connect(url.href, { timeout: CONNECT_MS, noDelay: true });
      const model = await within(CONNECT_MS, connecting, () => new Error('no answer in time'));
      model.on('error', () => undefined); // whatever is under way rejects
      return new Broker(model, name);
    } catch (error) {
      const refused = reason(error).includes('ACCESS_REFUSED');
      const advice = refused ? '; name it with user and password in RABBITMQ_URL' : '';
      throw new QueueError(`no connection to RabbitMQ at ${name}: ${reason(error)}${advice}`, {
        cause: error,
      });
    }
  }

  /** Asks passively; undefined where there is no such queue. @throws QueueError */
  async counts(queue: string): Promise<QueueCounts | undefined> {
    const channel = await this.model.createChannel();
    let refusal: unknown;
    channel.on('error', (error) => (refusal = error));
    try {
      const { messageCount, consumerCount } = await channel.checkQueue(queue);
      await channel.close();
      return { ready: messageCount, consumers: consumerCount };
    } catch (error) {
      if (codeOf(refusal) === 404) return undefined;
      throw new QueueError(`queue ${queue} at ${this.name}: ${reason(error)}`, { cause: error });
    }
  }

  /** What `use` took and did not acknowledge is back in its place afterwards, marked as redelivered. */
  async channel<T>(use: (channel: Channel) => Promise<T>): Promise<T> {
    return this.over(await this.model.createChannel(), use);
  }

  /** The same with publisher confirms. */
  async confirmChannel<T>(use: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
    return this.over(await this.model.createConfirmChannel(), use);
  }

  async close(): Promise<void> {
    await within(2000, this.model.close(), () => new Error('no answer')).catch(() => undefined); // it may be gone already
  }

  private async over<C extends Channel, T>(
    channel: C,
    use: (channel: C) => Promise<T>,
  ): Promise<T> {
    channel.on('error', () => undefined); // whatever is under way rejects
    try {
      const result = await use(channel);
      await channel.close(); // acknowledgements go out before it
      return result;
    } catch (error) {
      await channel.close().catch(() => undefined); // it may be what failed
      if (error instanceof QueueError) throw error;
      throw new QueueError(`RabbitMQ at ${this.name}: ${reason(error)}`, { cause: error });
    }
  }
}

/** Never says the URL, which may hold a password. */
function brokerUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['amqp:', 'amqps:'].includes(url.protocol) && url.hostname !== '') return url;
  if (url?.protocol === 'memory:')
    throw new QueueError('a memory: bus is inside its process: only RabbitMQ can be asked');
  throw new QueueError('not a URL like amqp://user:password@host:5672');
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** On one line. Where a name has several addresses, Node's error has only a code. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error.message || String(codeOf(error))).replaceAll(/\s+/g, ' ');
}
