import { freePort, type RunningServer, startRabbitmq } from '@sockshop/distributed';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { aFolder } from './embedded-shop.ts';
import { RunningProcess } from './running-process.ts';
import { QUICK, type ServiceName, SERVICES, type Shop } from './shop.ts';
import { TcpGate } from './tcp-gate.ts';
import { until } from './until.ts';

/** The real servers; undefined where one of them is missing. RabbitMQ's queues have fixed names: each shop has its own. */
export interface RealServers {
  readonly mysql: string;
  readonly mongo: string;
  readonly zipkin: string;
}

export function realServers(): RealServers | undefined {
  const { TEST_MYSQL_URL, TEST_MONGO_URL, TEST_RABBITMQ_URL, TEST_ZIPKIN_URL } = process.env;
  if (!TEST_MYSQL_URL || !TEST_MONGO_URL || !TEST_RABBITMQ_URL || !TEST_ZIPKIN_URL)
    return undefined;
  return { mysql: TEST_MYSQL_URL, mongo: TEST_MONGO_URL, zipkin: TEST_ZIPKIN_URL };
}

/** Eight processes on MySQL, MongoDB, RabbitMQ and Zipkin. */
export class DistributedShop implements Shop {
  readonly url: string;
  private readonly processes = new Map<ServiceName, RunningProcess>();
  private constructor(
    readonly urls: Record<ServiceName, string>,
    readonly tracesUrl: string,
    private readonly env: Record<ServiceName, Record<string, string>>,
    private readonly databaseGate: TcpGate,
    private readonly broker: Promise<RunningServer>,
    private readonly folder: string,
  ) {
    this.url = urls['front-end'];
  }

  /**
   * In an unfavourable order: the front-end first, while nothing it calls is there, then the services while their broker starts;
   * catalogue's database can be reached at last.
   */
  static async start(servers: RealServers): Promise<DistributedShop> {
    const folder = aFolder();
    const ports = await Promise.all([...SERVICES, 'database', 'broker'].map(() => freePort()));
    const port = (name: string): number =>
      ports[[...SERVICES, 'database', 'broker'].indexOf(name)]!;
    const urls = Object.fromEntries(
      SERVICES.map((name) => [name, `http://127.0.0.1:${port(name)}`]),
    ) as Record<ServiceName, string>; // made from their list
    const gate = new TcpGate(port('database'), new URL(servers.mysql));
    const broker = startRabbitmq({ dir: join(folder, 'rabbitmq'), port: port('broker') });
    broker.catch(() => undefined); // awaited below
    const env = variables(servers, urls, port('database'), port('broker'), folder);
    const shop = new DistributedShop(urls, servers.zipkin, env, gate, broker, folder);
    try {
      await shop.startAll();
    } catch (error) {
      await shop.stop('SIGKILL');
      throw error;
    }
    return shop;
  }

  /** One line of each service. */
  log(): string {
    return [...this.processes.values()].map(({ output }) => output).join('');
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<(number | null)[]> {
    const codes = await Promise.all([...this.processes.values()].map((each) => each.stop(signal)));
    await this.databaseGate.close();
    await this.broker.then(
      (broker) => broker.stop(),
      () => undefined,
    );
    rmSync(this.folder, { recursive: true });
    return codes;
  }

  private async startAll(): Promise<void> {
    this.startService('front-end');
    await until(
      'front-end listens',
      () => statusOf(`${this.url}/livez`),
      (status) => status === 200,
    );
    for (const name of [...SERVICES].reverse()) if (name !== 'front-end') this.startService(name);
    await this.broker;
    const others = SERVICES.filter((name) => name !== 'catalogue');
    await Promise.all(others.map((name) => this.ready(name)));
    const waiting = await statusOf(`${this.url}/catalogue`);
    if (waiting !== 503) throw new Error(`without its database, catalogue answers ${waiting}`);
    await this.databaseGate.open();
    await this.ready('catalogue');
    // The front-end's breaker may still be open from the time when there was nothing.
    await until(
      'socks',
      () => statusOf(`${this.url}/catalogue`),
      (status) => status === 200,
    );
  }

  private startService(name: ServiceName): void {
    const env = { ...QUICK, ...this.env[name] };
    this.processes.set(name, new RunningProcess(`services/${name}/dist/main.js`, [], env));
  }

  private async ready(name: ServiceName): Promise<void> {
    const ready = until(
      name,
      () => statusOf(`${this.urls[name]}/readyz`),
      (it) => it === 200,
      60_000,
    );
    const ended = this.processes.get(name)!.ended.then((code): never => {
      throw new Error(`${name} ended with ${String(code)}:\n${this.processes.get(name)!.output}`);
    });
    await Promise.race([ready, ended]);
  }
}

function variables(
  servers: RealServers,
  urls: Record<ServiceName, string>,
  databasePort: number,
  brokerPort: number,
  folder: string,
): Record<ServiceName, Record<string, string>> {
  const run = `e2e_${randomBytes(4).toString('hex')}`;
  const mysql = new URL(run, servers.mysql);
  mysql.host = `127.0.0.1:${databasePort}`;
  const mongo = (name: string) => ({ MONGO_URL: new URL(`${run}_${name}`, servers.mongo).href });
  const bus = { RABBITMQ_URL: `amqp://guest:guest@127.0.0.1:${brokerPort}` };
  const own: Record<ServiceName, Record<string, string>> = {
    'front-end': {
      SESSION_KEY_FILE: join(folder, 'session.key'),
      TRACES_URL: servers.zipkin,
      TRACES_PUBLIC_URL: servers.zipkin,
    },
    catalogue: { MYSQL_URL: mysql.href },
    carts: mongo('carts'),
    orders: { ...mongo('orders'), ...bus },
    payment: {},
    user: mongo('users'),
    shipping: bus,
    'queue-master': bus,
  };
  const upstreams = {
    CATALOGUE_URL: urls.catalogue,
    CARTS_URL: urls.carts,
    ORDERS_URL: urls.orders,
    PAYMENT_URL: urls.payment,
    USER_URL: urls.user,
    SHIPPING_URL: urls.shipping,
  };
  const every = { HOST: '127.0.0.1', ZIPKIN: `${servers.zipkin}/api/v2/spans`, ...upstreams };
  const each = SERVICES.map((name) => [
    name,
    { ...every, PORT: new URL(urls[name]).port, ...own[name] },
  ]);
  return Object.fromEntries(each) as typeof own; // made from their list
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.text();
  return response.status;
}
