import { describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import { type Headers, hop, SPAN, TRACE } from './headers.ts';

const sampledCaller = { traceparent: `00-${TRACE}-${SPAN}-01` };
const unsampledCaller = { traceparent: `00-${TRACE}-${SPAN}-00` };
const deniedCaller = { b3: `${TRACE}-${SPAN}-0` };
const start = (sampler: string, ratio = '1'): Promise<Tracing> =>
  Tracing.start(
    'carts',
    tracingConfig({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: ratio }),
    new InMemorySpanExporter(),
  );
const sampled = (tracing: Tracing, headers: Headers): boolean =>
  hop(tracing, headers)['traceparent']?.endsWith('-01') ?? false;

describe('OTEL_TRACES_SAMPLER', () => {
  it.each<[string, string, Headers, boolean]>([
    ['parentbased_always_on', 'no caller', {}, true],
    ['parentbased_always_on', 'an unsampled caller', unsampledCaller, false],
    ['parentbased_always_on', 'a B3 deny with ids', deniedCaller, false],
    ['parentbased_always_on', 'a B3 deny alone', { b3: '0' }, false],
    ['parentbased_always_off', 'no caller', {}, false],
    ['parentbased_always_off', 'a sampled caller', sampledCaller, true],
    ['parentbased_always_off', 'a B3 accept alone', { 'x-b3-sampled': '1' }, true],
    ['parentbased_always_off', 'a B3 debug alone', { 'x-b3-flags': '1' }, true],
    ['parentbased_always_off', 'a B3 debug with ids', { b3: `${TRACE}-${SPAN}-d` }, true],
    ['parentbased_traceidratio', 'a sampled caller', sampledCaller, true],
    ['always_on', 'an unsampled caller', unsampledCaller, true],
    ['always_off', 'a sampled caller', sampledCaller, false],
  ])('%s with %s samples: %s', async (sampler, _case, headers, expected) => {
    const tracing = await start(sampler, '0');
    expect(sampled(tracing, headers)).toBe(expected);
    await tracing.shutdown();
  });

  it('keeps a tenth of 10,000 new traces, whole', async () => {
    const first = await start('parentbased_traceidratio', '0.1');
    const second = await start('parentbased_always_on');
    let kept = 0;
    for (let trace = 0; trace < 10_000; trace += 1) {
      const sent = hop(first, {});
      const next = hop(second, sent);
      const decision = sent['traceparent']?.slice(-2);
      expect(next['traceparent']?.slice(-2)).toBe(decision);
      if (decision === '01') kept += 1;
    }
    // Binomial: 1,000 expected, standard deviation 30. Six of them: once in 500 million runs.
    expect(Math.abs(kept - 1000)).toBeLessThan(180);
    await Promise.all([first.shutdown(), second.shutdown()]);
  });

  it('decides by the trace id alone, so that services without a common parent agree', async () => {
    const decide = async (): Promise<boolean[]> => {
      const tracing = await start('traceidratio', '0.5');
      return Array.from({ length: 200 }, (_, index) => {
        const traceId = `${(index * 21_474_836).toString(16).padStart(8, '0')}${'0'.repeat(24)}`;
        return index > 0 && sampled(tracing, { traceparent: `00-${traceId}-${SPAN}-00` });
      });
    };
    const decisions = await decide();
    expect(await decide()).toEqual(decisions);
    expect(new Set(decisions)).toEqual(new Set([true, false]));
  });

  it.each([
    ['1', true],
    ['0', false],
  ])('parentbased_traceidratio of %s samples all new traces: %s', async (ratio, expected) => {
    const tracing = await start('parentbased_traceidratio', ratio);
    const decisions = new Set(Array.from({ length: 100 }, () => sampled(tracing, {})));
    expect(decisions).toEqual(new Set([expected]));
    await tracing.shutdown();
  });
});
