import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { aFolder } from './embedded-shop.ts';
import { RunningProcess } from './running-process.ts';
import { TEST_SETTINGS } from './shop.ts';

jest.setTimeout(60_000);

interface Asked {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
}

/** Catalogue and Zipkin in one, to see what a front-end sends them. */
let neighbour: Server;
let asked: Asked[];
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = aFolder();
  neighbour = createServer((request, response) => {
    asked.push({ line: `${request.method!} ${request.url!}`, headers: request.headers });
    request.resume();
    const post = request.method === 'POST';
    response.writeHead(post ? 202 : 200, { 'content-type': 'application/json' });
    response.end(post ? '' : '[]');
  });
  await new Promise<void>((resolve) => neighbour.listen(0, '127.0.0.1', resolve));
  const { port } = neighbour.address() as AddressInfo; // it listens on a port
  const url = `http://127.0.0.1:${port}`;
  env = {
    ...TEST_SETTINGS,
    HOST: '127.0.0.1',
    PORT: '0',
    CATALOGUE_URL: url,
    ZIPKIN: `${url}/api/v2/spans`,
    SESSION_KEY_FILE: join(folder, 'session.key'),
  };
});
afterAll(() => {
  neighbour.close();
  rmSync(folder, { recursive: true });
});

const traceId = randomBytes(16).toString('hex');
const spanId = randomBytes(8).toString('hex');
const b3 = (sampled: string) => ({
  'x-b3-traceid': traceId,
  'x-b3-spanid': spanId,
  'x-b3-sampled': sampled,
});

it.each([
  ['a sampled request', {}, b3('1'), '01', ['POST /api/v2/spans']],
  ['an unsampled request', {}, b3('0'), '00', []],
  ['a request to a front-end without tracing', { OTEL_SDK_DISABLED: 'true' }, b3('1'), '01', []],
  ['a request to one that exports nothing', { OTEL_TRACES_EXPORTER: 'none' }, b3('1'), '01', []],
])('%s goes on with its trace context', async (_title, settings, headers, flags, exported) => {
  asked = [];
  const frontEnd = new RunningProcess('services/front-end/dist/main.js', [], {
    ...env,
    ...settings,
  });
  const [, port] = await frontEnd.said(/"message":"listening","port":(\d+)/);
  const response = await fetch(`http://127.0.0.1:${port!}/catalogue`, { headers });
  expect([response.status, await response.json()]).toEqual([200, []]);
  expect(await frontEnd.stop()).toBe(0); // sends what is waiting

  const [call, ...others] = asked;
  expect(call?.line).toBe('GET /catalogue');
  expect(call?.headers).toMatchObject({
    'x-b3-traceid': traceId,
    'x-b3-sampled': headers['x-b3-sampled'],
  });
  const [version, trace, span, flag] = String(call?.headers['traceparent']).split('-');
  expect([version, trace, flag]).toEqual(['00', traceId, flags]);
  expect(call?.headers['x-b3-spanid']).toBe(span);
  expect(call?.headers).not.toHaveProperty('x-b3-parentspanid');
  expect(others.map(({ line }) => line)).toEqual(exported);
});
