import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
} from '@opentelemetry/semantic-conventions';
import { keepTrying, within } from '@sockshop/resilience';
import { type ChannelModel, connect } from 'amqplib';
import { Socket } from 'node:net';
import type { BusLog } from './bus-options.ts';

/** Waits between attempts to connect. */
export const RECONNECT = { firstMs: 100, longestMs: 10_000, steadyMs: 10_000 };
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
  /** The broker is short of memory or disk and accepts no messages. */
  blocked: boolean;
}

/** Connects, and connects again after every loss. Outside of any trace: its attempts make no spans. */
export class RabbitConnection<T> {
  link: Link<T> | undefined;
  /** Why there is no link. */
  failure = 'not connected yet';
  /** Until then it is unknown whether the broker is available. */
  readonly firstAttempt: Promise<void>;
  private readonly running: Promise<void>;
  private readonly ending = new AbortController();
  private unavailable = false;

  constructor(private readonly options: ConnectionOptions<T>) {
    const first = Promise.withResolvers<undefined>();
    this.firstAttempt = first.promise;
    const attempted = (): void => {
      first.resolve(undefined);
    };
    this.running = keepTrying(() => this.useConnection(attempted), {
      ...RECONNECT,
      signal: this.ending.signal,
      failed: (error) => {
        this.failed(error);
        attempted();
      },
    }).then(attempted);
  }

  async close(): Promise<void> {
    this.ending.abort();
    if (this.link) await hangUp(this.link.model);
    await this.running;
  }

  private get ended(): boolean {
    return this.ending.signal.aborted;
  }

  /** Resolves when this was closed. @throws Error when the connection failed or was lost. */
  private async useConnection(attempted: () => void): Promise<void> {
    const { broker, log, prepare, onConnected } = this.options;
    const model = await this.connect();
    const lost = new Promise<Error | undefined>((resolve) => {
      model.on('close', (reason) => {
        this.link = undefined; // before the channels' users notice the loss and look
        resolve(reason);
      });
    });
    model.on('error', () => undefined); // 'close' follows with the reason
    try {
      const late = (): Error => new Error('declarations timed out');
      const prepared = await within(SETUP_MS, prepare(model), late);
      const link: Link<T> = { model, prepared, peer: peer(model), blocked: false };
      if (this.ended) return;
      model.on('blocked', (reason) => {
        link.blocked = true;
        log.warn('message broker accepts no messages', { broker, reason });
      });
      model.on('unblocked', () => {
        link.blocked = false;
        log.log('message broker accepts messages again', { broker });
      });
      this.link = link;
      this.unavailable = false;
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
      connecting.then(hangUp).catch(() => undefined); // a late one is closed
      throw error;
    }
  }

  private failed(error: unknown): void {
    this.failure = text(error);
    if (this.unavailable || this.ended) return;
    this.unavailable = true;
    const { broker, log } = this.options;
    log.warn('message broker unavailable', { broker, error: this.failure });
  }
}

/** Closes in order, then by force: a broker behind a dead network never answers. */
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

/** For a name with several addresses, Node's error has only a code. */
function text(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
}
