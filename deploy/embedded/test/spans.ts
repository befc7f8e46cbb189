import type { Kind, Span } from '../src/trace-store/span.ts';

export const TRACE_ID = '5af7183fb1d4cf5f6b221d5bc9e0a001';
/** Microseconds. */
export const START = 1_700_000_000_000_000;
/** Milliseconds. */
export const START_MS = START / 1000;

interface Sketch {
  trace?: string;
  parent?: string;
  kind?: Kind;
  /** Service names of both sides. */
  at?: string;
  to?: string;
  failed?: boolean;
  shared?: boolean;
}

/** A span as the linker sees it: ids by one letter, services by name. */
export function aSpan(id: string, sketch: Sketch = {}): Span {
  const { trace = TRACE_ID, parent, kind, at, to, failed, shared } = sketch;
  return {
    traceId: trace,
    ...(parent && { parentId: parent.padStart(16, '0') }),
    id: id.padStart(16, '0'),
    ...(kind && { kind }),
    timestamp: START,
    ...(at && { localEndpoint: { serviceName: at } }),
    ...(to && { remoteEndpoint: { serviceName: to } }),
    ...(failed && { tags: { error: '' } }),
    ...(shared && { shared }),
  };
}

/** Posts spans like an exporter and reads them like a page. */
export class ZipkinClient {
  constructor(readonly url: string) {}

  post(
    body: unknown,
    headers: Record<string, string> = { 'content-type': 'application/json' },
    path = '/api/v2/spans',
  ): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method: 'POST',
      headers,
      body: body instanceof Uint8Array || typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  get(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`, { redirect: 'manual' });
  }

  async json(path: string): Promise<unknown> {
    const response = await this.get(path);
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    return response.json();
  }
}

/** Zipkin does not guarantee the order of spans in a trace or of edges. */
export function sorted(answer: unknown): unknown {
  if (!Array.isArray(answer)) return answer;
  return answer.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
