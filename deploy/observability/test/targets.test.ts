import { describe, expect, it } from '@jest/globals';
import { targetsOf } from '../src/targets.ts';

const at = (port: number) => `http://127.0.0.1:${port}`;

describe('targetsOf', () => {
  it('has each instance of a service, under the job that the original gives the service', () => {
    const parts = [
      { name: 'front-end', kind: 'service' as const, url: at(8079) },
      { name: 'orders', kind: 'service' as const, url: at(1083) },
      { name: 'orders-v2-1', kind: 'service' as const, url: at(1090) },
    ];
    const metrics = { __metrics_path__: '/metrics' };
    expect(targetsOf({ parts })).toEqual([
      {
        targets: ['127.0.0.1:8079'],
        labels: { name: 'front-end', job: 'frontend', ...metrics },
      },
      { targets: ['127.0.0.1:1083'], labels: { name: 'orders', job: 'orders', ...metrics } },
      { targets: ['127.0.0.1:1090'], labels: { name: 'orders', job: 'orders', ...metrics } },
    ]);
  });

  it('has the servers that give figures, and neither others nor a service that does not run', () => {
    const parts = [
      { name: 'orders', kind: 'service' as const },
      { name: 'mariadb', kind: 'server' as const, url: 'mysql://127.0.0.1:3306' },
      {
        name: 'rabbitmq',
        kind: 'server' as const,
        url: 'amqp://127.0.0.1:5672',
        metricsUrl: `${at(15692)}/metrics/per-object`,
      },
      { name: 'traces', kind: 'helper' as const, url: at(9411) },
    ];
    const labels = {
      name: 'rabbitmq',
      job: 'rabbitmq',
      __metrics_path__: '/metrics/per-object',
    };
    expect(targetsOf({ parts })).toEqual([{ targets: ['127.0.0.1:15692'], labels }]);
  });
});
