import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@sockshop/testing';
import { type Shelf, startShelf } from './sock-shelf.ts';

describe('GET /metrics', () => {
  let shelf: Shelf;
  beforeAll(async () => {
    shelf = await startShelf({
      definition: { http: { legacyRoute: (route) => route.split('/')[1] ?? '' } },
    });
  });
  afterAll(() => shelf.service.close());
  const read = async (path: string): Promise<Response> => fetch(`${shelf.service.url}${path}`);

  it('counts a request under its template, and under the name the original gave its route', async () => {
    await read('/socks/7');
    await read('/nosuch');
    let text = '';
    await until(async () => {
      text = await (await read('/metrics')).text();
      return text.includes('unmatched');
    });
    expect(text).toMatch(
      /^http_server_request_duration_seconds_count\{http_request_method="GET",http_route="\/socks\/\{id\}",http_response_status_code="200",url_scheme="http"\} 1$/m,
    );
    expect(text).toMatch(
      /^http_server_request_duration_seconds_count\{http_request_method="GET",http_response_status_code="404",url_scheme="http"\} 1$/m,
    );
    expect(text).toMatch(
      /^request_duration_seconds_count\{service="shelf",method="GET",status_code="200",route="socks"\} 1$/m,
    );
    expect(text).toMatch(
      /^http_request_duration_seconds_count\{service="shelf",method="GET",status_code="404",path="unmatched"\} 1$/m,
    );
  });

  it('has two values of the scheme at most, whatever the caller says it is', async () => {
    for (const scheme of ['https', 'HTTPS', 'gopher-1', 'x-2', 'constructor']) {
      const headers = { 'x-forwarded-proto': scheme };
      await fetch(`${shelf.service.url}/socks/scheme`, { headers });
    }
    let schemes = new Set<string | undefined>();
    await until(async () => {
      const text = await (await read('/metrics')).text();
      schemes = new Set([...text.matchAll(/url_scheme="([^"]*)"/g)].map(([, scheme]) => scheme));
      return schemes.has('https') && schemes.has('http');
    });
    expect([...schemes].sort()).toEqual(['http', 'https']);
  });

  it('names a sampled trace in a bucket for a client that takes OpenMetrics', async () => {
    const traceId = 'abcd'.repeat(8);
    const call = (flags: string, path: string): Promise<Response> =>
      fetch(`${shelf.service.url}${path}`, {
        headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-${flags}` },
      });
    await call('01', '/socks/sampled');
    await call('00', '/socks/other/unsampled'); // no route, so series of its own
    const accept = 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5';
    let text = '';
    await until(async () => {
      const response = await fetch(`${shelf.service.url}/metrics`, { headers: { accept } });
      expect(response.headers.get('content-type')).toBe(
        'application/openmetrics-text; version=1.0.0; charset=utf-8',
      );
      text = await response.text();
      return text.includes(traceId) && text.includes('http_response_status_code="404"');
    });
    const exemplars = text.split('\n').filter((line) => line.includes(traceId));
    expect(exemplars.every((line) => line.includes('{id}') || line.includes('socks'))).toBe(true);
    expect(
      exemplars.filter((line) => line.startsWith('http_server_request_duration_seconds_bucket')),
    ).toHaveLength(1);
    expect(text.endsWith('# EOF\n')).toBe(true);
  });

  it.each(['/metrics', '/prometheus'])('is Prometheus text, also at %s', async (path) => {
    const response = await read(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toContain('# TYPE process_cpu_seconds_total counter');
  });
});
