import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StandIn, until } from '@sockshop/testing';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { aFolder } from './embedded-shop.ts';
import { TEST_SETTINGS } from './shop.ts';
import type { Span } from './spans.ts';
import { WorkspaceProcess } from './workspace-process.ts';

jest.setTimeout(120_000);

const AT_ONCE = 40;

describe('a front-end under load', () => {
  let catalogue: StandIn;
  let collector: StandIn;
  let folder: string;
  let frontEnd: WorkspaceProcess;
  let url: string;
  beforeEach(async () => {
    folder = aFolder();
    catalogue = await StandIn.start(() => ({ status: 200, body: [] }));
    collector = await StandIn.start(() => ({ status: 202 }));
  });
  afterEach(async () => {
    await frontEnd.stop('SIGKILL');
    await catalogue.close();
    await collector.close();
    rmSync(folder, { recursive: true });
  });

  const start = async (settings: Record<string, string>): Promise<void> => {
    frontEnd = new WorkspaceProcess('services/front-end/dist/main.js', [], {
      ...TEST_SETTINGS,
      HOST: '127.0.0.1',
      PORT: '0',
      CATALOGUE_URL: catalogue.url,
      ZIPKIN: `${collector.url}/api/v2/spans`,
      SESSION_KEY_FILE: join(folder, 'session.key'),
      ...settings,
    });
    const [, port] = await frontEnd.said(/"message":"listening","port":(\d+)/);
    url = `http://127.0.0.1:${port!}`;
  };
  /** Asks again and again until the front-end accepts no request any more or `enough`; returns the traces of what was answered. */
  const load = async (enough: (answered: number) => boolean): Promise<string[]> => {
    const answered: string[] = [];
    const shop = async (): Promise<void> => {
      while (!enough(answered.length)) {
        const response = await fetch(`${url}/catalogue`).catch(() => undefined);
        if (!response) return;
        await response.text();
        answered.push(response.headers.get('x-trace-id') ?? '');
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, shop));
    return answered;
  };
  const spans = (): Span[] => collector.received.flatMap(({ text }) => JSON.parse(text) as Span[]); // Zipkin's form

  it('that gets SIGTERM sends every span: of each request that it answered, and of each call that it made', async () => {
    await start({ OTEL_BSP_SCHEDULE_DELAY: '600000' }); // most spans wait when it ends
    const loaded = load(() => false);
    await until(() => catalogue.received.length >= 300);
    const [code, answered] = await Promise.all([frontEnd.stop('SIGTERM'), loaded]);
    expect(code).toBe(0);
    expect(answered.length).toBeGreaterThan(AT_ONCE);
    const sent = spans();
    const of = (kind: Span['kind']): Set<string> =>
      new Set(
        sent
          .filter((span) => span.kind === kind)
          .map(({ traceId, id }) => (kind === 'SERVER' ? traceId : id)),
      );
    const servers = of('SERVER');
    expect(answered.filter((traceId) => !servers.has(traceId))).toEqual([]);
    const calls = of('CLIENT');
    const received = catalogue.received.map(({ headers }) => String(headers['x-b3-spanid']));
    expect(received.filter((id) => !calls.has(id))).toEqual([]);
  });

  it('whose collector is killed answers as before, counts every span that is lost, and says so in two lines', async () => {
    await start({ OTEL_BSP_EXPORT_TIMEOUT: '500', OTEL_BSP_SCHEDULE_DELAY: '50' });
    await load((answered) => answered >= 200);
    await until(() => spans().length > 0);
    await collector.close();
    const during = await load((answered) => answered >= 200);
    expect(during.length).toBeGreaterThanOrEqual(200);
    await until(() => frontEnd.output.includes('"message":"spans are dropped"'));
    const { port } = collector;
    collector = await StandIn.start(() => ({ status: 202 }), port);
    await until(async () => {
      await load((answered) => answered >= 1);
      return frontEnd.output.includes('"message":"spans are exported again"');
    });
    // Some may have waited for so long that the new collector has got them.
    const traces = new Set(during);
    const missing = (): number =>
      2 * during.length - // of each request and of its call
      spans().filter(({ traceId, kind }) => kind !== undefined && traces.has(traceId)).length;
    const lost = async (): Promise<number> => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      const [, count] =
        /otel_sdk_exporter_span_exported_total\{[^}]*export_failed[^}]*\} (\d+)/.exec(metrics) ??
        [];
      return Number(count ?? 0);
    };
    await until(async () => (await lost()) >= missing());
    expect(missing()).toBeGreaterThan(0);
    const said = frontEnd.output.match(/"message":"spans are (dropped|exported again)"/g);
    expect(said).toHaveLength(2);
  });
});
