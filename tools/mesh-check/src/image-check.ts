import { until } from '@sockshop/testing';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CheckedShop } from './checked-shop.ts';
import { binomial, figure, type Figure, none } from './figures.ts';
import { ordersTraffic } from './split-checks.ts';
import { versionsIn } from './versions-in-traces.ts';

const execute = promisify(execFile);
const IMAGE = 'sock-shop/orders:1.0.0';
const MEMORY_MIB = 160;

/** v2 of orders is containers of an image, beside the processes of v1. Needs a Docker engine of this machine, with the image. */
export async function imageCheck(shop: CheckedShop, quick: boolean): Promise<Figure[]> {
  const calls = quick ? 200 : 1000;
  const [before] = (await shop.service('orders')).versions;
  await shop.must('deploy', 'orders', '--version', 'v2', '--image', IMAGE);
  const traffic = await ordersTraffic(shop);
  await shop.must('canary', 'orders', 'v2', '50');
  const versions = await versionsIn(shop.zipkin, await traffic.next(calls), 'orders');
  const count = versions.filter((version) => version === 'v2').length;
  await shop.must('resize', 'orders', '--version', 'v2', '--memory', String(MEMORY_MIB));
  await shop.must('promote', 'orders', 'v2');
  await traffic.next(calls);
  const [id = ''] = await containers();
  const limit = await docker('inspect', '--format', '{{.HostConfig.Memory}}', id);
  await traffic.stop();

  await docker('kill', id);
  const [instance] = await until(
    async () => (await shop.service('orders')).versions[0]?.instances ?? [],
    ([it]) => it?.restarts === 1 && it.state === 'ready' && it.pid !== undefined,
  );
  const log = readFileSync(join(shop.dir, 'logs', `${instance?.name ?? ''}.log`), 'utf8');
  await shop.must('upgrade', 'orders', '--version', before?.version ?? '');
  return [
    binomial('v2 in the traces at 50 %', count, versions.length, 0.5),
    none('failed requests up to its promotion', traffic.failed.length, traffic.results.length),
    figure('limit of its memory', limit, Number(limit) === MEMORY_MIB * 2 ** 20),
    figure('restarts of a container that was killed', instance?.restarts ?? 0),
    figure('lines in its log', log.split('\n').length - 1, log.includes('"message":"listening"')),
    none('containers after an upgrade to processes', (await containers()).length),
  ];
}

/** Of v2: on the network of the machine, as none of Compose is. */
async function containers(): Promise<string[]> {
  const filters = ['--filter', 'network=host', '--filter', 'name=-orders-v2-'];
  const ids = await docker('ps', '--all', '--quiet', ...filters);
  return ids.split('\n').filter(Boolean);
}

async function docker(...words: string[]): Promise<string> {
  const { stdout } = await execute('docker', words);
  return stdout.trim();
}
