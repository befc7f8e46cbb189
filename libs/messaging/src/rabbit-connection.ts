import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
} from '@opentelemetry/semantic-conventions';
import { type ChannelModel, connect } from 'amqplib';
import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { backOffMs } from './back-off.ts';
import type { BusLog } from './message-bus.ts';
import { within } from './within.ts';

/** A connection that lived this long was a good one: the next failure starts a new count. */
const STABLE_MS = 10_000;
/** For the declarations after connecting. */
const SETUP_MS = 5000;
const HANG_UP_MS = 1000;

interface ConnectionOptions<T> {
  readonly url: string;
  /** Host and port, for the log. */
  readonly broker: string;
  readonly connectTimeoutMs: number;
  readonly log: BusLog;
  /** Makes a fresh connection usable. */
  readonly prepare: (model: ChannelModel) => Promise<T>;
  readonly onConnected: (link: Link<T>) => void;
}

/** A usable connection. */
export interface Link<T> {
  readonly model: ChannelModel;
  readonly prepared: T;
  readonly peer: Attributes;
  /** The broker is short of memory or disk and takes nothing for now. */
  blocked: boolean;
}

/** Connects, and for ever connects again. Outside of any trace: its attempts make no spans. */
export class RabbitConnection<T> {
  link: Link<T> | undefined;
  /** Why there is no link. */
  failure = 'not connected yet';
  /** Until then nobody can say whether the broker is away. */
  readonly firstAttempt: Promise<void>;
  private readonly running: Promise<void>;
  private readonly ending = new AbortController();
  private away = false;

  constructor(private readonly options: ConnectionOptions<T>) {
    const first = Promise.withResolvers<undefined>();
    this.firstAttempt = first.promise;
    this.running = this.run(() => {
      first.resolve(undefined);
    });
  }

  async close(): Promise<void> {
    this.ending.abort();
    if (this.link) await hangUp(this.link.model);
    await this.running;
  }

  private get ended(): boolean {
    return this.ending.signal.aborted;
  }

  private async run(attempted: () => void): Promise<void> {
    for (let failures = 0; !this.ended; failures++) {
      const since = Date.now();
      try {
        await this.useConnection(attempted);
      } catch (error) {
        this.failed(error);
      }
      attempted();
      if (Date.now() - since > STABLE_MS) failures = 0;
      await pause(backOffMs(failures), undefined, this.ending).catch(() => undefined);
    }
  }

  /** @throws Error when the connection failed or came to its end. */
  private async useConnection(attempted: () => void): Promise<void> {
    const { broker, log, prepare, onConnected } = this.options;
    const model = await this.connect();
    const lost = new Promise<Error | undefined>((resolve) => {
      model.on('close', (reason) => {
        this.link = undefined; // before the channels' users get to know and ask
        resolve(reason);
      });
    });
    model.on('error', () => undefined); // 'close' follows and tells why
    try {
      const late = (): Error => new Error('declarations timed out');
      const prepared = await within(SETUP_MS, prepare(model), late);
      const link: Link<T> = { model, prepared, peer: peer(model), blocked: false };
      if (this.ended) return;
      model.on('blocked', (reason) => {
        link.blocked = true;
        log.warn('message broker takes no messages', { broker, reason });
      });
      model.on('unblocked', () => {
        link.blocked = false;
        log.log('message broker takes messages again', { broker });
      });
      this.link = link;
      this.away = false;
      log.log('message broker connected', { broker });
      attempted();
      onConnected(link);
      throw (await lost) ?? new Error('closed');
    } finally {
      this.link = undefined;
      await hangUp(model);
    }
  }

  private async connect(): Promise<ChannelModel> {
    const { url, connectTimeoutMs: timeout } = this.options;
    const connecting = connect(url, { timeout, noDelay: true, keepAlive: true });
    try {
      return await within(timeout, connecting, () => new Error('connecting timed out'));
    } catch (error) {
      connecting.then(hangUp).catch(() => undefined); // one that comes late
      throw error;
    }
  }

  private failed(error: unknown): void {
    this.failure = text(error);
    if (this.away || this.ended) return;
    this.away = true;
    const { broker, log } = this.options;
    log.warn('message broker away', { broker, error: this.failure });
  }
}

/** Closes politely, then by force: a broker behind a dead network would never answer. */
export async function hangUp(model: ChannelModel): Promise<void> {
  await within(HANG_UP_MS, model.close(), () => new Error('no answer')).catch(() => undefined);
  socketOf(model)?.destroy();
}

/** amqplib's types leave the socket out. */
function socketOf({ connection }: ChannelModel): Socket | undefined {
  return 'stream' in connection && connection.stream instanceof Socket
    ? connection.stream
    : undefined;
}

function peer(model: ChannelModel): Attributes {
  const socket = socketOf(model);
  if (socket?.remoteAddress === undefined || socket.remotePort === undefined) return {};
  return {
    [ATTR_NETWORK_PEER_ADDRESS]: socket.remoteAddress,
    [ATTR_NETWORK_PEER_PORT]: socket.remotePort,
  };
}

/** Where a name has several addresses, Node's error has only a code. */
function text(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
}
