import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { withinLimits } from '../src/memory.ts';

const MAIN = join(import.meta.dirname, '../dist/main.js');

describe('test:containers', () => {
  it('fails where no engine answers', () => {
    const env = {
      ...process.env,
      DOCKER_HOST: 'unix:///nowhere/docker.sock',
      COMPOSE_PARSER: 'true',
    };
    const { status, stderr } = spawnSync(process.execPath, [MAIN], { env, encoding: 'utf8' });
    expect(stderr).toMatch(/^No engine, no claim: /);
    expect(status).toBe(1);
  });
});

describe('the memory of containers', () => {
  const orders = { service: 'orders', usedMiB: 100, limitMiB: 192 };
  const zipkin = { service: 'zipkin', usedMiB: 300, limitMiB: 512 };

  it('is summed for the application tier', () => {
    const words = withinLimits([orders, zipkin], ['orders'], 192);
    expect(words).toBe('application tier 100 of 192 MiB; orders 100/192, zipkin 300/512');
  });

  it.each([
    ['is near its limit', { ...zipkin, usedMiB: 500 }, 192, 'near their limit: zipkin 500/512'],
    ['is unknown', { ...zipkin, usedMiB: NaN }, 192, 'near their limit: zipkin NaN/512'],
    ['may be too much', zipkin, 191, 'the limits of the application tier are 192 MiB'],
  ])('that %s is refused', (_, other, most, message) => {
    expect(() => withinLimits([orders, other], ['orders'], most)).toThrow(message);
  });
});
