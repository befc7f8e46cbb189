import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { Telemetry } from '@sockshop/telemetry';
import { tracingConfig } from '@sockshop/tracing';
import { randomUUID } from 'node:crypto';
import { type BusOptions, MessageBus } from '../src/index.ts';
import type { Broker } from './brokers.ts';
import { until } from '@sockshop/testing';

export interface LogLine {
  level: 'log' | 'warn' | 'error';
  message: string;
  fields: Record<string, unknown> | undefined;
}

/** One service at its bus, with the spans and the log lines it made. */
export interface Party {
  bus: MessageBus;
  telemetry: Telemetry;
  lines: LogLine[];
  spans: () => ReadableSpan[];
  /** The first span of this name, once it has ended. */
  span: (name: string) => Promise<ReadableSpan>;
}

/** A broker of one test: its names are unique, and everything is deleted at the end. */
export class Bench {
  readonly id = randomUUID().slice(0, 8);
  readonly queue = `tasks-${this.id}`;
  readonly events = `orders.events-${this.id}`;
  readonly exchange = `events-${this.id}`;
  readonly topology = {
    exchanges: [{ name: this.exchange, type: 'topic' as const, durable: true }],
    queues: [
      { name: this.queue, durable: true },
      {
        name: this.events,
        durable: true,
        bindings: [{ exchange: this.exchange, key: 'shipment.shipped' }],
      },
    ],
  };
  private readonly buses: MessageBus[] = [];

  constructor(readonly broker: Broker) {}

  get target(): { exchange: string; routingKey: string } {
    return { exchange: '', routingKey: this.queue };
  }

  async join(
    service: string,
    options: Partial<BusOptions> = {},
    url?: string,
    settings: Record<string, string> = {},
  ): Promise<Party> {
    const exporter = new InMemorySpanExporter();
    const telemetry = await Telemetry.start(service, tracingConfig(settings), exporter);
    const lines: LogLine[] = [];
    const line =
      (level: LogLine['level']) =>
      (message: string, fields?: Record<string, unknown>): void => {
        lines.push({ level, message, fields });
      };
    const log = { log: line('log'), warn: line('warn'), error: line('error') };
    const all = { topology: this.topology, log, ...options };
    const bus = await MessageBus.open(url ?? this.broker.url, telemetry, all);
    this.buses.push(bus);
    if (url === undefined) await bus.ping(); // connected and declared; a broker at a URL of its own may be unavailable
    const spans = (): ReadableSpan[] => exporter.getFinishedSpans();
    const span = async (name: string): Promise<ReadableSpan> => {
      const found = (): ReadableSpan | undefined => spans().find((each) => each.name === name);
      await until(() => found() !== undefined);
      return found()!;
    };
    return { bus, telemetry, lines, spans, span };
  }

  async clear(): Promise<void> {
    await Promise.all(this.buses.map((bus) => bus.close()));
    const aside = [this.queue, this.events].flatMap((queue) => [
      `${queue}.dead`,
      `${queue}.dead.dead`,
      ...[1, 2, 3].map((n) => `${queue}.retry.${n}`),
    ]);
    await this.broker.close([this.queue, this.events, ...aside], [this.exchange]);
  }
}
