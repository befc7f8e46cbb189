import { describe, expect, it } from '@jest/globals';
import { RunningProcess } from '@sockshop/testing';
import { zipkin, zookeeper } from '@sockshop/testing/real-servers';
import { readTrace } from '@sockshop/trace-tree';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../dist/main.js');
const FREE_PORTS = ['--greeting-port', '0', '--hello-port', '0'];

const suite = zookeeper.suite === describe ? zipkin.suite : zookeeper.suite;
suite('npm run example:rpc-chain', () => {
  it('answers through two services that ZooKeeper knows, and a real Zipkin has both hops in one trace', async () => {
    const env = { ZOOKEEPER_URL: zookeeper.url, ZIPKIN: `${zipkin.url}/api/v2/spans` };
    const chain = new RunningProcess([MAIN, ...FREE_PORTS, '--calls', '50'], { env });
    expect(await chain.ended).toBe(0);
    expect(chain.output).toContain('\ngreeting, hello, world\n');
    expect(chain.output).toMatch(/calls while an instance joined and another one left: 0 failed/);

    const [, traceId = ''] = /^Trace (\w{32})$/m.exec(chain.output)!;
    const spans = await readTrace(zipkin.url, traceId);
    const line = spans
      .sort((one, other) => one.timestamp - other.timestamp)
      .map(({ localEndpoint, kind, tags }) => [
        localEndpoint.serviceName,
        kind,
        tags['rpc.method'],
      ]);
    expect(line).toEqual([
      ['client', undefined, undefined],
      ['client', 'CLIENT', 'chain.GreetingService/Greet'],
      ['greeting-service', 'SERVER', 'chain.GreetingService/Greet'],
      ['greeting-service', 'CLIENT', 'chain.HelloService/Hello'],
      ['hello-service', 'SERVER', 'chain.HelloService/Hello'],
    ]);
    spans.slice(1).forEach(({ parentId, timestamp, duration }, above) => {
      const parent = spans[above]!;
      expect(parentId).toBe(parent.id);
      expect(timestamp).toBeGreaterThanOrEqual(parent.timestamp);
      expect(duration).toBeLessThanOrEqual(parent.duration);
    });
    // Every line that the first call logged has its trace.
    for (const service of ['greeting-service', 'hello-service'])
      expect(chain.output).toMatch(
        new RegExp(`"service":"${service}","message":"answered",.*"trace_id":"${traceId}"`),
      );
  });
});
