import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { RunningProcess, until } from '@sockshop/testing';
import { collector as built, zipkin } from '@sockshop/testing/real-servers';
import { context, Tracing, tracingConfig } from '@sockshop/tracing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Collector, startCollector, type Target } from '../src/collector.ts';
import { keptOf } from '../src/kept-traces.ts';

const MAIN = join(import.meta.dirname, '../dist/main.js');
const DECISION_WAIT = '1s';

const suite = built.suite === describe ? zipkin.suite : built.suite;
suite('a Collector with tail sampling', () => {
  let dir: string;
  const running: { stop: () => Promise<void> }[] = [];
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'collector-'));
  });
  afterEach(async () => {
    for (const { stop } of running.splice(0).reverse()) await stop();
  });
  afterAll(() => rm(dir, { recursive: true }));

  const start = async (target: Target, env: Record<string, string>): Promise<Collector> => {
    const collector = await startCollector({
      program: built.url,
      dir,
      target,
      env: { DECISION_WAIT, ...env },
    });
    running.push(collector);
    return collector;
  };
  const toZipkin = { ZIPKIN_SPANS: `${zipkin.url}/api/v2/spans` };

  /** Traces of two services each, `ms` long; of a failed one only the lower span is an error. */
  const traces = async (
    env: Record<string, string>,
    count: number,
    { failed = false, ms = 1 } = {},
  ): Promise<string[]> => {
    const caller = await Tracing.start('caller', tracingConfig(env));
    const callee = await Tracing.start('callee', tracingConfig(env));
    const ids = Array.from({ length: count }, () => {
      const begun = Date.now() - ms;
      const root = caller.tracer.startSpan(
        'GET /a',
        { kind: SpanKind.CLIENT, startTime: begun },
        caller.enter(context.active()),
      );
      const answer = callee.tracer.startSpan(
        'GET /a',
        { kind: SpanKind.SERVER, startTime: begun },
        trace.setSpan(callee.enter(context.active()), root),
      );
      if (failed) answer.setStatus({ code: SpanStatusCode.ERROR });
      answer.end(begun + ms);
      root.end(begun + ms);
      return root.spanContext().traceId;
    });
    await Promise.all([caller.shutdown(), callee.shutdown()]);
    return ids;
  };

  const each: readonly (readonly [string, (collector: Collector) => Record<string, string>])[] = [
    ['Zipkin', ({ zipkin: url }) => ({ ZIPKIN: url })],
    ['OTLP', ({ otlp }) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: otlp })],
  ];
  it.each(each)(
    'keeps every trace with an error, every slow one, and a tenth of the rest that come by %s',
    async (_by, sender) => {
      const env = sender(await start('zipkin', toZipkin));
      const fine = await traces(env, 500);
      const failed = await traces(env, 20, { failed: true });
      const slow = await traces(env, 20, { ms: 800 });
      await until(
        () => keptOf(zipkin.url, failed),
        (kept) => kept === 20,
      );
      await until(
        () => keptOf(zipkin.url, slow),
        (kept) => kept === 20,
      );
      // Of 500 at 10 %, 99.9999 % of the runs keep 20 to 86.
      const kept = await until(
        () => keptOf(zipkin.url, fine),
        (count) => count >= 20,
      );
      expect(kept).toBeLessThanOrEqual(86);
    },
  );

  it('keeps a trace whole: the spans of both services', async () => {
    const env = { ZIPKIN: (await start('zipkin', toZipkin)).zipkin };
    const [id = ''] = await traces(env, 1, { failed: true });
    const spans = await until(
      async () =>
        (await fetch(`${zipkin.url}/api/v2/trace/${id}`)).json() as Promise<{ id: string }[]>,
      (got) => got.length === 2,
    );
    expect(spans).toHaveLength(2);
  });

  it.each(['jaeger', 'tempo'] as const)(
    'sends what it keeps by OTLP, as %s takes it',
    async (target) => {
      // Behind it, in the place of that store, a second one, which shows in Zipkin what it was sent.
      const store = await start('zipkin', toZipkin);
      const env = {
        JAEGER_OTLP: new URL(store.otlpGrpc).host,
        TEMPO_OTLP: store.otlp,
      };
      const first = await start(target, env);
      const ids = await traces({ OTEL_EXPORTER_OTLP_ENDPOINT: first.otlp }, 5, { failed: true });
      expect(
        await until(
          () => keptOf(zipkin.url, ids),
          (kept) => kept === 5,
        ),
      ).toBe(5);
    },
  );
});

suite('npm run example:bring-your-own', () => {
  it("keeps every one of the shop's traces that has an error", async () => {
    const env = { COLLECTOR: built.url, ZIPKIN: `${zipkin.url}/api/v2/spans` };
    const args = ['--requests', '100', '--errors', '5'];
    const example = new RunningProcess([MAIN, ...args], { env });
    expect([await example.ended, example.output]).toEqual([
      0,
      expect.stringMatching(/with an error +5 made, 5 kept\nwithout +100 made, \d+ kept/),
    ]);
  });
});
