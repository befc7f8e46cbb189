import { ROOT } from '@sockshop/measure';
import { SERVICE_NAMES } from '@sockshop/parts';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { call } from './call.ts';
import { type Engine, findEngine } from './engine.ts';
import { buildImages, missingImages } from './images.ts';
import { memoryOf, withinLimits } from './memory.ts';
import { type ContainersOptions, type Profile, PROFILES } from './options.ts';
import type { Addresses } from './place.ts';
import { PROFILE_CHECKS } from './profile-checks.ts';
import { purchase, type Purchase, shipped, traceOf } from './purchase.ts';
import { Report } from './report.ts';
import { whileShopping, withoutFailure } from './shoppers.ts';
import { Stack } from './stack.ts';
import { kill, restarted, rolling, withoutPayment } from './trials.ts';

/** What a person's own shop on the usual ports is not in the way of. */
const PORTS = {
  SHOP_PORT: '25080',
  ROUTER_PORT: '25081',
  ZIPKIN_PORT: '25411',
  PROMETHEUS_PORT: '25090',
  GRAFANA_PORT: '25030',
  LOGS_PORT: '25428',
  JAEGER_PORT: '25686',
} as const;
const STORES = ['catalogue-db', 'carts-db', 'orders-db', 'user-db', 'rabbitmq'];
const TIER = ['edge-router', ...SERVICE_NAMES];
const TIER_LIMIT_MIB = 1536;
const LOAD_MS = 60_000;

/** The exit code: 1 when a step failed. */
export async function testContainers({
  standIns,
  only,
  keepImages,
}: ContainersOptions): Promise<number> {
  const engine = await findEngine({ standIns: standIns === true });
  const report = new Report(only?.split(',') ?? []);
  try {
    await new ContainersTest(engine, report).run(keepImages === true);
  } finally {
    await engine.stop();
  }
  console.log(`\n${report.table()}\n`);
  console.log(report.failures === 0 ? 'All steps succeeded.' : `${report.failures} steps failed.`);
  return report.failures === 0 ? 0 : 1;
}

class ContainersTest {
  private readonly at: Addresses;
  private missing = new Set<string>();

  constructor(
    private readonly engine: Engine,
    private readonly report: Report,
  ) {
    const url = (port: string): string => `http://${engine.host}:${port}`;
    this.at = {
      shop: url(PORTS.SHOP_PORT),
      zipkin: url(PORTS.ZIPKIN_PORT),
      prometheus: url(PORTS.PROMETHEUS_PORT),
      logs: url(PORTS.LOGS_PORT),
      jaeger: url(PORTS.JAEGER_PORT),
    };
  }

  async run(keep: boolean): Promise<void> {
    const all = this.stack([...PROFILES]);
    const services = await all.config();
    all.dispose();
    const built = await this.report.always('images', async () => {
      const sizes = await buildImages(this.engine, services, keep);
      this.missing = await missingImages(this.engine, services);
      return sizes;
    });
    if (!built) return;
    for (const image of this.missing)
      this.report.note('missing', `${image} cannot be had: nothing is claimed of it`);
    await this.withStack([], (stack) => this.base(stack));
    await this.besideProcesses();
    for (const profile of PROFILES) await this.profile(profile);
  }

  private stack(profiles: readonly Profile[]): Stack {
    // A machine with an address of its own for published ports has them all there.
    const admin = this.engine.host === '127.0.0.1' ? '127.0.0.1' : '0.0.0.0';
    return new Stack(this.engine, profiles, { ...PORTS, ADMIN_HOST: admin });
  }

  /** Ends with nothing left, whatever failed. */
  private async withStack(
    profiles: readonly Profile[],
    work: (stack: Stack) => Promise<void>,
  ): Promise<void> {
    const stack = this.stack(profiles);
    try {
      await stack.down('--volumes');
      await work(stack);
    } finally {
      await stack.down('--volumes');
      stack.dispose();
    }
  }

  private async base(stack: Stack): Promise<void> {
    const { report, engine, at } = this;
    const up = await report.always('up: services first, stores 10 s later', async () => {
      await stack.up('edge-router', ...SERVICE_NAMES);
      await sleep(10_000);
      await stack.up('--wait');
      return `${(await stack.containers()).length} containers healthy`;
    });
    if (!up) return;
    let bought: Purchase | undefined;
    await report.always('purchase through the edge router', async () => {
      bought = await purchase(at.shop);
      const spans = await traceOf(at.zipkin, bought.traceId);
      return `order ${bought.order} shipped, trace ${bought.traceId} whole: ${spans.length} spans`;
    });
    await report.step('golden traces', async () => {
      const words = ['--url', at.shop, '--zipkin', at.zipkin];
      const said = await call([
        process.execPath,
        join(ROOT, 'tools/trace-shapes/dist/check-main.js'),
        ...words,
      ]);
      return said.split('\n').at(-1) ?? '';
    });
    await report.step('memory at rest', () => this.memory(stack));
    await report.step('memory after 60 s of load', async () => {
      const load = { url: at.shop, shoppers: 20 };
      const { done, summary } = await whileShopping(load, async () => {
        await sleep(LOAD_MS);
        return this.memory(stack);
      });
      return `${withoutFailure(summary)}; ${done}`;
    });
    await report.step('update orders, then scale it 1, 3, 1, under 20 shoppers', () =>
      rolling(engine, stack, at.shop, 'orders', 'sock-shop/orders:1.0.0'),
    );
    await report.step('stop payment', () => withoutPayment(stack, at.shop));
    for (const container of await stack.containers())
      await report.step(`kill ${container.service}`, () => kill(engine, stack, container));
    await report.step('restart the stores', () => restarted(stack, at.shop, STORES));
    await report.step('down and up: data survive', async () => {
      await stack.down();
      await stack.up('--wait');
      if (!bought) throw new Error('there was no order to look for');
      await bought.visitor.logIn();
      await shipped(bought);
      return `order ${bought.order} is still there`;
    });
    await report.always('down', async () => {
      await stack.down('--volumes');
      return `${(await stack.containers()).length} containers left`;
    });
  }

  /** `npm run mesh -- deploy --image`: the shop of processes, with a version in containers. */
  private async besideProcesses(): Promise<void> {
    const { onItsNetwork, env } = this.engine;
    if (!onItsNetwork) {
      this.report.note('mesh deploy --image', 'the engine is on another machine: nothing claimed');
      return;
    }
    await this.report.step('mesh deploy --image', async () => {
      const main = join(ROOT, 'tools/mesh-check/dist/main.js');
      const words = [process.execPath, main, '--only', 'image'];
      const said = await call([...onItsNetwork, ...words], env);
      const figures = said.split('\n').filter((line) => line.startsWith('  '));
      return figures.map((line) => line.trim().replaceAll(/\s{2,}/g, ': ')).join('; ');
    });
  }

  private async memory(stack: Stack): Promise<string> {
    return withinLimits(
      await memoryOf(this.engine, await stack.containers()),
      TIER,
      TIER_LIMIT_MIB,
    );
  }

  private async profile(profile: Profile): Promise<void> {
    const { report, engine, at } = this;
    await this.withStack([profile], async (stack) => {
      const services = Object.entries(await stack.config());
      const possible = services
        .filter(([, { image }]) => !this.missing.has(image))
        .map(([name]) => name);
      const up = await report.step(`profile ${profile}: up`, async () => {
        await stack.up('--wait', ...possible);
        return `${(await stack.containers()).length} of ${services.length} containers`;
      });
      if (!up) return;
      await report.step(`profile ${profile}: checked`, () =>
        PROFILE_CHECKS[profile]({ engine, stack, at }),
      );
      await report.step(`profile ${profile}: down`, async () => {
        await stack.down('--volumes');
        return `${(await stack.containers()).length} containers left`;
      });
    });
  }
}
