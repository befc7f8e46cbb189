import { CommandError } from '@sockshop/cli';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Listener } from './option-values.ts';
import type { Result, Tally, Watcher } from './tally.ts';

/** Seconds. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What Prometheus reads of the run. Latencies count from when a request was to be sent, as everywhere here. */
export class MetricsServer implements Watcher {
  private readonly registry = new Registry();
  private readonly requests = this.histogram(
    'loadtest_request_duration_seconds',
    'Requests of the shoppers',
    ['journey', 'route', 'status', 'outcome'],
  );
  private readonly visits = this.histogram(
    'loadtest_visit_duration_seconds',
    'How long shoppers waited for the shop in a visit, without their think times',
    ['journey', 'done'],
  );
  private server: Server | undefined;

  constructor(tally: Tally) {
    collectDefaultMetrics({ register: this.registry });
    const { now, counts } = tally;
    this.gauge('loadtest_shoppers', 'Shoppers in the shop', () => now.shoppers);
    const waiting = 'Shoppers that wait after a failure';
    this.gauge('loadtest_shoppers_backing_off', waiting, () => now.backingOff);
    this.counter('loadtest_orders_placed_total', 'Acknowledged orders', () => counts.placed);
    this.counter('loadtest_orders_declined_total', 'Declined payments', () => counts.declined);
    const unanswered = 'Checkouts of which it is unknown whether there is an order';
    this.counter('loadtest_checkouts_unanswered_total', unanswered, () => counts.unanswered);
    const arrivals = 'Visits that were to begin, in the open model';
    this.counter('loadtest_arrivals_total', arrivals, () => counts.arrivals);
    this.counter('loadtest_arrivals_late_total', 'Visits that began late', () => counts.late);
    const dropped = 'Visits that did not begin: too many shoppers were there';
    this.counter('loadtest_arrivals_dropped_total', dropped, () => counts.dropped);
    tally.watch(this);
  }

  /** @returns the address. @throws CommandError where the port is taken */
  async listen({ host, port }: Listener): Promise<string> {
    this.server = createServer((request, response) => {
      if (request.url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      void this.registry.metrics().then((text) => {
        response.writeHead(200, { 'content-type': this.registry.contentType }).end(text);
      });
    });
    this.server.unref(); // the run decides when the program ends
    try {
      await once(this.server.listen(port, host), 'listening');
    } catch (cause) {
      const why = Error.isError(cause) ? cause.message : String(cause);
      throw new CommandError(`/metrics cannot be served: ${why}`, { cause });
    }
    const { port: taken } = this.server.address() as AddressInfo; // a TCP server has no other kind of address
    return `http://${host.includes(':') ? `[${host}]` : host}:${taken}/metrics`;
  }

  async close(): Promise<void> {
    const { server } = this;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  recorded({ journey, route, status, outcome, ms }: Result): void {
    this.requests.observe({ journey, route, status, outcome }, ms / 1000);
  }

  visited(journey: string, ms: number, done: boolean): void {
    this.visits.observe({ journey, done: String(done) }, ms / 1000);
  }

  private histogram(name: string, help: string, labelNames: string[]): Histogram {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }

  private gauge(name: string, help: string, value: () => number): void {
    const collect = function (this: Gauge) {
      this.set(value());
    };
    new Gauge({ name, help, registers: [this.registry], collect });
  }

  /** Read from the tally, which has counted it. */
  private counter(name: string, help: string, value: () => number): void {
    const collect = function (this: Counter) {
      this.reset();
      this.inc(value());
    };
    new Counter({ name, help, registers: [this.registry], collect });
  }
}
