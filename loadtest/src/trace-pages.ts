/** At the end of a run the shop may be busy, or down. */
const timeoutMs = 2000;

/**
 * Where people see a trace: in the shop's Observatory, else in the Zipkin that the shop names. A shop with neither, such as an original
 * one, leaves the bare id.
 */
export async function tracePages(shop: URL): Promise<(traceId: string) => string> {
  const base = shop.href.replace(/\/$/, '');
  if (await answer(`${base}/observatory/api/config`)) {
    return (traceId) => `${base}/observatory?trace=${traceId}`;
  }
  const drawer = await answer(`${base}/trace/config`);
  if (drawer && 'zipkinUrl' in drawer && typeof drawer.zipkinUrl === 'string') {
    const { zipkinUrl } = drawer;
    return (traceId) => `${zipkinUrl}/zipkin/traces/${traceId}`;
  }
  return (traceId) => `trace ${traceId}`;
}

/** The same while a run goes on: asked once, with the first trace; until the answer is there, the bare id. */
export class TracePages {
  private pageOf: ((traceId: string) => string) | undefined;

  constructor(private readonly shop: URL) {}

  page(traceId: string): string {
    this.pageOf ??= this.ask();
    return this.pageOf(traceId);
  }

  private ask(): (traceId: string) => string {
    void tracePages(this.shop).then((found) => (this.pageOf = found));
    return (traceId) => `trace ${traceId}`;
  }
}

/** Undefined unless it is there. A password asked for is an answer too: the page is there for those who know it. */
async function answer(url: string): Promise<object | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (response.status === 401) return {};
    const body: unknown = response.ok ? await response.json() : undefined;
    return typeof body === 'object' && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}
