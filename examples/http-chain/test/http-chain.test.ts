import { beforeAll, expect, it } from '@jest/globals';
import { RunningProcess } from '@sockshop/testing';
import { zipkin } from '@sockshop/testing/real-servers';
import { readTrace } from '@sockshop/trace-tree';
import type { ZipkinSpan } from '@sockshop/tracing';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../dist/main.js');
const DELAYS = [40, 60, 80];
/** In µs: Node's timers may fire a little before their time. */
const EARLY_US = 1000;

zipkin.suite('npm run example:http-chain, in a real Zipkin', () => {
  let output: string;
  let spans: ZipkinSpan[];
  let traceId: string;

  beforeAll(async () => {
    const args = ['--ports', '0,0,0', '--delays', DELAYS.join(), '--user', 'Ann Lee'];
    const env = { ZIPKIN: `${zipkin.url}/api/v2/spans` };
    const chain = new RunningProcess([MAIN, ...args], { env });
    expect([await chain.ended, chain.output]).toEqual([0, expect.any(String)]);
    ({ output } = chain);
    [, traceId = ''] = /^Trace (\w{32})$/m.exec(output)!;
    spans = await readTrace(zipkin.url, traceId);
  });

  const of = (service: string, kind?: ZipkinSpan['kind']): ZipkinSpan => {
    const found = spans.filter(
      (span) => span.localEndpoint.serviceName === service && span.kind === kind,
    );
    expect(found).toHaveLength(1);
    return found[0]!;
  };

  it('answers with the names of the three', () => {
    expect(output).toContain('\n["service1","service2","service3"]\n');
  });

  it('is one trace: each service below the one that calls it', () => {
    expect(spans).toHaveLength(8);
    expect(of('service1', 'SERVER').parentId).toBeUndefined();
    for (const [caller, callee] of [
      ['service1', 'service2'],
      ['service2', 'service3'],
    ] as const) {
      expect(of(caller, 'CLIENT').parentId).toBe(of(caller, 'SERVER').id);
      expect(of(callee, 'SERVER').parentId).toBe(of(caller, 'CLIENT').id);
    }
  });

  it('has right durations: a service takes its own delay and what it calls', () => {
    const us = DELAYS.map((ms) => ms * 1000 - EARLY_US);
    const took = (service: string): number => of(service, 'SERVER').duration;
    const at = (index: number): number => us[index] ?? 0;
    expect(took('service3')).toBeGreaterThanOrEqual(at(2));
    expect(took('service2')).toBeGreaterThanOrEqual(at(1) + took('service3'));
    expect(took('service1')).toBeGreaterThanOrEqual(at(0) + took('service2'));
    DELAYS.forEach((_, index) => {
      expect(of(`service${index + 1}`).duration).toBeGreaterThanOrEqual(at(index));
    });
  });

  it('names the class and the method that handle each request', () => {
    expect([1, 2, 3].map((n) => of(`service${n}`, 'SERVER').tags)).toMatchObject([
      tagsOf('Service1Controller', 'callNext'),
      tagsOf('Service2Controller', 'callNext'),
      tagsOf('Service3Controller', 'endChain'),
    ]);
  });

  it('carries the name of the user to the last service, in its tags and its log', () => {
    expect(of('service3', 'SERVER').tags['user-name']).toBe('Ann Lee');
    const lines = linesOf('service3');
    expect(lines.map((line) => line['user-name'])).toEqual(['Ann Lee', 'Ann Lee']);
  });

  it('has the ids of its trace in every line that a request logs', () => {
    for (const service of ['service1', 'service2', 'service3']) {
      const lines = linesOf(service);
      expect(lines.map(({ message }) => message)).toEqual(['worked', 'request']);
      for (const line of lines) {
        expect(line['trace_id']).toBe(traceId);
        expect(spans.map(({ id }) => id)).toContain(line['span_id']);
      }
    }
  });

  /** The service's log, without the line that says where it listens. */
  function linesOf(service: string): Record<string, unknown>[] {
    return output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => line['service'] === service && line['message'] !== 'listening');
  }
});

function tagsOf(controller: string, method: string): Record<string, string> {
  return {
    'code.function.name': `${controller}.${method}`,
    'mvc.controller.class': controller,
    'mvc.controller.method': method,
  };
}
