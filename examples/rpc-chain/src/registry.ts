import { once } from 'node:events';
import zookeeper from 'node-zookeeper-client';

/** In ms. An instance that ends without a word stays listed for as long. */
const SESSION_MS = 4000;
const ROOT = '/rpc-chain';

type Failure = Error | zookeeper.Exception | null;

interface Watch {
  /** The client knows a watch by its function, so that the same one twice is one watch. */
  readonly again: () => void;
  readonly changed: (addresses: readonly string[]) => void;
}

/** Lists the instances of services in ZooKeeper: `/rpc-chain/greeting-service/127.0.0.1:20881` is there as long as its process is. */
export class Registry {
  private client: zookeeper.Client;
  private readonly own = new Set<string>();
  /** By path. */
  private readonly watches = new Map<string, Watch>();
  private closed = false;

  private constructor(private readonly servers: string) {
    this.client = this.open();
  }

  /** `url`: such as zookeeper://127.0.0.1:2181. Waits until a server answers. */
  static async connect(url: string): Promise<Registry> {
    const registry = new Registry(url.replace(/^zookeeper:\/\//, ''));
    await once(registry.client, 'connected');
    return registry;
  }

  async register(service: string, address: string): Promise<void> {
    const path = `${ROOT}/${service}/${address}`;
    this.own.add(path);
    await this.list(path);
  }

  async unregister(service: string, address: string): Promise<void> {
    const path = `${ROOT}/${service}/${address}`;
    this.own.delete(path);
    await this.remove(path);
  }

  /** Calls `changed` with the addresses now, and each time that they change. */
  async watch(service: string, changed: Watch['changed']): Promise<void> {
    const path = `${ROOT}/${service}`;
    const again = (): void => {
      this.read(path).catch(() => undefined); // the connection was lost: the next one reads all
    };
    this.watches.set(path, { again, changed });
    await this.read(path);
  }

  close(): void {
    this.closed = true;
    this.client.close();
  }

  private open(): zookeeper.Client {
    const client = zookeeper.createClient(this.servers, { sessionTimeout: SESSION_MS });
    client.on('connected', () => {
      this.renew().catch(() => undefined); // the connection was lost again
    });
    // The server has removed what this session listed, and a client has one session.
    client.on('expired', () => {
      client.close();
      if (!this.closed) this.client = this.open();
    });
    client.connect();
    return client;
  }

  private async renew(): Promise<void> {
    for (const path of this.own) await this.list(path);
    for (const path of this.watches.keys()) await this.read(path);
  }

  private async list(path: string): Promise<void> {
    await this.makeFolder(path.slice(0, path.lastIndexOf('/')));
    const create = (): Promise<string> =>
      asked((done) => {
        this.client.create(path, zookeeper.CreateMode.EPHEMERAL, done);
      });
    try {
      await create();
    } catch (error) {
      if (codeOf(error) !== zookeeper.Exception.NODE_EXISTS) throw error;
      const { ephemeralOwner } = await asked<zookeeper.Stat>((done) => {
        this.client.exists(path, done);
      });
      if (ephemeralOwner.equals(this.client.getSessionId())) return;
      await this.remove(path); // of a process at this address that was killed: it would go with that session
      await create();
    }
  }

  private async remove(path: string): Promise<void> {
    try {
      await asked<undefined>((done) => {
        this.client.remove(path, (error) => {
          done(error, undefined);
        });
      });
    } catch (error) {
      if (codeOf(error) !== zookeeper.Exception.NO_NODE) throw error;
    }
  }

  private async read(path: string): Promise<void> {
    const watch = this.watches.get(path);
    if (!watch) return;
    await this.makeFolder(path);
    const addresses = await asked<string[]>((done) => {
      this.client.getChildren(path, watch.again, done);
    });
    watch.changed(addresses.sort());
  }

  private async makeFolder(path: string): Promise<void> {
    await asked<string>((done) => {
      this.client.mkdirp(path, done);
    });
  }
}

function asked<T>(ask: (done: (error: Failure, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, value) => {
      if (error instanceof Error) reject(error);
      else if (error) reject(new Error(error.toString(), { cause: error }));
      else resolve(value);
    });
  });
}

function codeOf(error: unknown): number | undefined {
  const exception = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return exception instanceof zookeeper.Exception ? exception.getCode() : undefined;
}
