import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RunningProcess, until } from '@sockshop/testing';
import { zipkin } from '@sockshop/testing/real-servers';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forestOf } from '../src/forest.ts';
import { edgesOf } from '../src/linker.ts';
import type { Report } from '../src/lint-spans.ts';
import { readSpansOfText } from '../src/read-spans.ts';
import { aShopRun, asOtlp, asZipkin, type Draft, find, remove } from './a-shop-run.ts';

jest.setTimeout(120_000);

const MAIN = join(import.meta.dirname, '../dist/main.js');

/** The command as npm's script runs it: its exit code and output. */
async function lint(...args: string[]): Promise<{ code: number | null; output: string }> {
  const run = new RunningProcess([MAIN, ...args], { env: {} });
  return { code: await run.ended, output: run.output };
}

const EDGES = [
  'front-end -> orders',
  'front-end -> catalogue',
  'front-end -> payment',
  'orders -> payment',
  'orders -> orders-db',
  'orders -> rabbitmq',
  'rabbitmq -> queue-master',
];

describe('npm run trace:lint', () => {
  let folder: string;
  let server: Server;
  let url: string;
  let links: unknown[];
  let metrics: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trace-lint-'));
    server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://localhost');
      const bodies: Record<string, string> = {
        '/health': '{"zipkin":{"details":{"InMemoryStorage{}":{}}}}',
        '/api/v2/traces': `[${asZipkin(aShopRun())}]`,
        [`/api/v2/trace/${aShopRun()[0]!.traceId}`]: asZipkin(aShopRun()),
        '/api/v2/dependencies': JSON.stringify(links),
        '/metrics': metrics,
      };
      response.statusCode = pathname in bodies ? 200 : 404;
      response.end(bodies[pathname]);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const written = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const broken = (): Draft[] => {
    const run = aShopRun();
    remove(run, find(run, 'payment', 'POST /paymentAuth'));
    return run;
  };
  const drawn = async (): Promise<
    { parent: string; child: string; callCount: number; errorCount?: number }[]
  > => {
    const edges = edgesOf(forestOf(await readSpansOfText(asZipkin(aShopRun()))));
    return [...edges.values()].map(({ parent, child, calls, errors }) => ({
      parent,
      child,
      callCount: calls,
      ...(errors > 0 && { errorCount: errors }),
    }));
  };

  it.each([
    ['Zipkin', asZipkin],
    ['OTLP', asOtlp],
  ])('exits with 0 for a correct file in the form of %s', async (name, write) => {
    const { code, output } = await lint(written(name, write(aShopRun())));
    expect(output).toBe('16 spans in 3 traces of 5 services: nothing is wrong.\n');
    expect(code).toBe(0);
  });

  it('exits with 1 for a finding, and says what, where and what to do', async () => {
    const { code, output } = await lint(written('broken', asZipkin(broken())));
    expect(output.split('\n').slice(2)).toEqual([
      'error T07a  A call has no SERVER span, though the callee reports spans',
      '  orders CLIENT `post /paymentauth` to payment (1 span in 1 trace)',
      expect.stringMatching(
        /^ {2}e\.g\. trace [0-9a-f]{32}, span [0-9a-f]{16} of orders: post \/paymentauth$/,
      ),
      expect.stringMatching(/^ {2}→ Look for context/),
      '',
    ]);
    expect(code).toBe(1);
  });

  it('writes JSON', async () => {
    const { code, output } = await lint(written('broken', asZipkin(broken())), '--json');
    const { spans, traces, findings } = JSON.parse(output) as Report;
    expect([spans, traces, findings.map(({ rule }) => rule), code]).toEqual([15, 3, ['T07a'], 1]);
  });

  it.each([
    [['--fail-on', 'never'], 0],
    [['--off', 'T07'], 0],
    [['--rules', 'T12'], 0],
    [['--rules', 't07a,T12'], 1],
  ])('%j makes the exit code %d', async (options, expected) => {
    expect((await lint(written('broken', asZipkin(broken())), ...options)).code).toBe(expected);
  });

  it.each([
    ['no file', []],
    ['a file that does not exist', ['/does/not/exist']],
    ['no server', ['--zipkin', 'http://127.0.0.1:9']],
    ['a rule that does not exist', ['--rules', 'T99', '-']],
    ['an option that does not exist', ['--nothing']],
    ['nothing to read', ['/dev/null']],
  ])('exits with 2 for %s', async (_, args) => {
    expect((await lint(...args)).code).toBe(2);
  });

  it('compares the edges with those of a file', async () => {
    const spans = written('spans', asZipkin(aShopRun()));
    const lines = written('edges.txt', `# the shop\n${EDGES.join('\n')}\n`);
    const json = written('edges.json', JSON.stringify(EDGES.map((edge) => edge.split(' -> '))));
    for (const edges of [lines, json]) expect((await lint(spans, '--edges', edges)).code).toBe(0);
    const fewer = written('fewer.txt', EDGES.slice(1).concat('orders -> shipping').join('\n'));
    const { code, output } = await lint(spans, '--edges', fewer);
    expect(output).toContain('  front-end -> orders: 1 calls, 0 errors (1 span in 1 trace)');
    expect(output).toContain('  orders -> shipping\n');
    expect(code).toBe(1);
  });

  it("compares Zipkin's map with the spans: T43b", async () => {
    links = await drawn();
    expect((await lint('--zipkin', url)).code).toBe(0);
    links = (await drawn()).map((link) =>
      link.child === 'payment' ? { ...link, callCount: 7 } : link,
    );
    const { code, output } = await lint('--zipkin', `${url}/zipkin/?x=1`);
    expect(output).toContain('T43b');
    expect(output).toContain('orders -> payment: 7 calls and 0 errors drawn, 1 and 0 in the spans');
    expect(code).toBe(1);
  });

  it('reads one trace', async () => {
    const { code, output } = await lint('--zipkin', url, '--trace', aShopRun()[0]!.traceId);
    expect([code, output]).toEqual([0, '16 spans in 3 traces of 5 services: nothing is wrong.\n']);
    expect((await lint('--zipkin', url, '--trace', '0123456789abcdef')).code).toBe(2);
  });

  it.each([
    ['agree', 1, '500', 0, 0.028, 0],
    ['count another number of requests', 2, '500', 0, 0.056, 1],
    ['count no error', 1, '', 0, 0.028, 1],
    ['took longer', 1, '500', 0, 0.9, 1],
  ])(
    'compares metrics with the spans: those of payment %s (T51)',
    async (_, count, error, more, seconds, expected) => {
      const labels = (method: string, route: string, type: string): string =>
        `{http_request_method="${method}",http_route="${route}",http_response_status_code="500"${type && `,error_type="${type}"`}}`;
      metrics = [
        `http_server_request_duration_seconds_count${labels('GET', '/payment', error)} ${count + more}`,
        `http_server_request_duration_seconds_sum${labels('GET', '/payment', error)} ${seconds}`,
        `http_server_request_duration_seconds_count${labels('POST', '/paymentAuth', '')} 1`,
        `http_server_request_duration_seconds_sum${labels('POST', '/paymentAuth', '')} 0.012`,
        `http_server_request_duration_seconds_count${labels('GET', '/metrics', '')} 99`,
      ].join('\n');
      const { code, output } = await lint(
        written('spans', asZipkin(aShopRun())),
        '--metrics',
        `payment=${url}/metrics`,
      );
      expect(output.match(/(?:error|warning|note) T\w+/g) ?? []).toEqual(
        expected === 1 ? ['error T51'] : [],
      );
      expect(code).toBe(expected);
    },
  );
});

zipkin.suite('a real Zipkin', () => {
  const run = randomBytes(4).toString('hex');
  /** Names and ids that no other test has. */
  const own = (): Draft[] =>
    aShopRun().map((draft) => ({
      ...draft,
      service: `${draft.service}-${run}`,
      remote: draft.remote === undefined ? undefined : `${draft.remote}-${run}`,
      traceId: draft.traceId.slice(0, 24) + run, // Zipkin looks at the last 16 digits
      startUs: draft.startUs + (Date.now() - 60_000) * 1000 - 1_790_000_000_000_000,
    }));
  let drafts: Draft[];
  let ids: string[];

  beforeAll(async () => {
    drafts = own();
    ids = [...new Set(drafts.map(({ traceId }) => traceId))];
    const sent = await fetch(`${zipkin.url}/api/v2/spans`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: asZipkin(drafts),
    });
    expect(sent.status).toBe(202);
    const stored = async (): Promise<number> =>
      (
        (await (
          await fetch(`${zipkin.url}/api/v2/traceMany?traceIds=${ids.join()}`)
        ).json()) as unknown[][]
      ).flat().length;
    await until(stored, (count) => count === drafts.length);
  });

  it('is read', async () => {
    const traces = ids.flatMap((id) => ['--trace', id]);
    const { code, output } = await lint('--zipkin', zipkin.url, ...traces, '--off', 'T03c');
    expect([output, code]).toEqual(['16 spans in 3 traces of 5 services: nothing is wrong.\n', 0]);
  });

  it('draws the same edges, calls and errors as the linter counts', async () => {
    const edges = edgesOf(forestOf(await readSpansOfText(asZipkin(drafts))));
    const response = await fetch(
      `${zipkin.url}/api/v2/dependencies?endTs=${Date.now()}&lookback=3600000`,
    );
    const links = (await response.json()) as {
      parent: string;
      child: string;
      callCount: number;
      errorCount?: number;
    }[];
    const ours = links.filter(({ parent }) => parent.endsWith(run));
    const row = (parent: string, child: string, calls: number, errors = 0): string =>
      `${parent} -> ${child}: ${calls} ${errors}`;
    expect(
      ours.map((link) => row(link.parent, link.child, link.callCount, link.errorCount)).sort(),
    ).toEqual(
      [...edges.values()]
        .map(({ parent, child, calls, errors }) => row(parent, child, calls, errors))
        .sort(),
    );
    expect(ours).toHaveLength(EDGES.length);
  });
});
