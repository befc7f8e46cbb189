import { setTimeout as sleep } from 'node:timers/promises';
import type { Result } from './traffic.ts';

const AT_ONCE = 100;
/** Spans are sent up to a second after they end; a busy machine takes longer. */
const WITHIN_MS = 60_000;

interface Span {
  readonly traceId: string;
  readonly kind?: string;
  readonly localEndpoint?: { readonly serviceName?: string };
  readonly tags?: Readonly<Record<string, string>>;
}

/** The version of the service that answered in each trace, from Zipkin. @throws Error where some never arrive */
export async function versionsIn(
  zipkin: string,
  results: readonly Result[],
  service: string,
): Promise<string[]> {
  const versions: string[] = [];
  for (let at = 0; at < results.length; at += AT_ONCE) {
    const ids = results.slice(at, at + AT_ONCE).map(({ traceId }) => traceId);
    versions.push(...(await versionsOf(zipkin, ids, service)));
  }
  return versions;
}

async function versionsOf(zipkin: string, ids: string[], service: string): Promise<string[]> {
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const response = await fetch(`${zipkin}/api/v2/traceMany?traceIds=${ids.join(',')}`);
    const spans = ((await response.json()) as Span[][]).flat();
    const found = new Map(
      spans
        .filter(
          ({ kind, localEndpoint }) => kind === 'SERVER' && localEndpoint?.serviceName === service,
        )
        .map(({ traceId, tags }) => [traceId, tags?.['service.version'] ?? '']),
    );
    const versions = ids.flatMap((id) => found.get(id) ?? []);
    if (versions.length === ids.length) return versions;
    if (Date.now() > deadline)
      throw new Error(`Zipkin has ${service} in ${versions.length} of ${ids.length} traces`);
    await sleep(200);
  }
}
