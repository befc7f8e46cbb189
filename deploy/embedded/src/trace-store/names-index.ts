import type { Span } from './span.ts';

/** The services, and the span names and remote services of each. They are counted, so that a name is removed with its last span. */
export class NamesIndex {
  private readonly services = new Map<string, { spans: number; names: Names; remotes: Names }>();

  count(span: Pick<Span, 'name' | 'localEndpoint' | 'remoteEndpoint'>, by: 1 | -1): void {
    const { localEndpoint, remoteEndpoint, name } = span;
    const serviceName = localEndpoint?.serviceName;
    if (!serviceName) return;
    const service = this.services.get(serviceName) ?? {
      spans: 0,
      names: new Names(),
      remotes: new Names(),
    };
    service.spans += by;
    if (name) service.names.count(name, by);
    if (remoteEndpoint?.serviceName) service.remotes.count(remoteEndpoint.serviceName, by);
    if (service.spans > 0) this.services.set(serviceName, service);
    else this.services.delete(serviceName);
  }

  serviceNames(): string[] {
    return [...this.services.keys()].sort();
  }

  spanNames(serviceName: string): string[] {
    return this.services.get(serviceName)?.names.sorted() ?? [];
  }

  remoteServiceNames(serviceName: string): string[] {
    return this.services.get(serviceName)?.remotes.sorted() ?? [];
  }
}

class Names {
  private readonly counts = new Map<string, number>();

  count(name: string, by: 1 | -1): void {
    const count = (this.counts.get(name) ?? 0) + by;
    if (count > 0) this.counts.set(name, count);
    else this.counts.delete(name);
  }

  sorted(): string[] {
    return [...this.counts.keys()].sort();
  }
}
