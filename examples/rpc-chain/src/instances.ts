import { Client, credentials, type Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { Tracing } from '@sockshop/tracing';
import type { Method, Name, Words } from './methods.ts';
import type { Registry } from './registry.ts';
import { clientSpan, codeOf } from './rpc-spans.ts';

interface Instance {
  readonly address: string;
  readonly client: Client;
  /** Calls that run. */
  calls: number;
  listed: boolean;
}

/** In ms, for a call with all its attempts. */
const DEADLINE_MS = 5000;

/** The instances of one service. Each call goes to the next one, and to another where the connection fails. */
export class Instances {
  private instances: readonly Instance[] = [];
  private turn = 0;

  private constructor(
    private readonly tracing: Tracing,
    private readonly service: string,
  ) {}

  static async of(tracing: Tracing, registry: Registry, service: string): Promise<Instances> {
    const instances = new Instances(tracing, service);
    await registry.watch(service, (addresses) => {
      instances.update(addresses);
    });
    return instances;
  }

  get addresses(): string[] {
    return this.instances.map(({ address }) => address);
  }

  async call(method: Method, request: Name): Promise<Words> {
    const deadline = Date.now() + DEADLINE_MS;
    const tried = new Set<Instance>();
    let failure: unknown = unavailable(`no instance of ${this.service} is registered`);
    for (;;) {
      const instance = this.next(tried);
      if (!instance) throw failure;
      tried.add(instance);
      try {
        return await this.attempt(instance, method, request, deadline);
      } catch (error) {
        if (codeOf(error) !== status.UNAVAILABLE) throw error; // words are the same however often they are said
        failure = error;
      }
    }
  }

  close(): void {
    for (const { client } of this.instances) client.close();
  }

  private async attempt(
    instance: Instance,
    method: Method,
    request: Name,
    deadline: number,
  ): Promise<Words> {
    const callee = { service: this.service, address: instance.address };
    instance.calls++;
    try {
      return await clientSpan(this.tracing, method, callee, (metadata) =>
        send(instance.client, method, request, metadata, deadline),
      );
    } finally {
      instance.calls--;
      closeIdle(instance);
    }
  }

  private next(tried: ReadonlySet<Instance>): Instance | undefined {
    const left = this.instances.filter((instance) => !tried.has(instance));
    return left[this.turn++ % left.length];
  }

  private update(addresses: readonly string[]): void {
    // A registry that has lost its data, or whose sessions ended with it, lists none for a moment: those known are the better guess.
    if (addresses.length === 0) return;
    const known = new Map(this.instances.map((instance) => [instance.address, instance]));
    this.instances = addresses.map((address) => {
      const client = (): Client => new Client(address, credentials.createInsecure());
      return known.get(address) ?? { address, client: client(), calls: 0, listed: true };
    });
    for (const instance of known.values()) {
      instance.listed = this.instances.includes(instance);
      closeIdle(instance);
    }
  }
}

/** One that has left keeps its connection until its last call has ended. */
function closeIdle({ listed, calls, client }: Instance): void {
  if (!listed && calls === 0) client.close();
}

function send(
  client: Client,
  method: Method,
  request: Name,
  metadata: Metadata,
  deadline: number,
): Promise<Words> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      metadata,
      { deadline },
      (error, words) => {
        if (error) reject(error);
        else resolve(words ?? { words: '' });
      },
    );
  });
}

function unavailable(message: string): Error & Pick<ServiceError, 'code'> {
  return Object.assign(new Error(message), { code: status.UNAVAILABLE });
}
