import '@sockshop/node-version'; // before all that an older Node cannot load

const { aligned, CommandError, run } = await import('@sockshop/cli');
const { mkdtemp, rm } = await import('node:fs/promises');
const { tmpdir } = await import('node:os');
const path = await import('node:path');
const { setTimeout: sleep } = await import('node:timers/promises');
const { compared, emptyQueries, exemplars, unreadRules } = await import('./check.ts');
const { runLoad } = await import('./load.ts');
const { CHECK, runningShop } = await import('./options.ts');
const { PrometheusApi } = await import('./prometheus-api.ts');
const { startBesideShop } = await import('./prometheus.ts');
const { panelQueries } = await import('./queries.ts');

/** Two scrapes: what the shop counted before the load is known, and at the end what it counted last. */
const SETTLED_MS = 11_000;

CHECK.action(async ({ dir, seconds, shoppers }) => {
  const shop = runningShop(dir, ['distributed']);
  const own = await mkdtemp(path.join(tmpdir(), 'prometheus-'));
  const say = (line: string): void => {
    console.log(`  ${line}`);
  };
  const server = await startBesideShop({ shop: shop.dir, dir: own, say });
  try {
    const prometheus = new PrometheusApi(server.url);
    await sleep(SETTLED_MS);
    const start = Date.now() / 1000;
    const file = path.join(own, 'load.json');
    const counted = await runLoad({ url: shop.state.url, shoppers, seconds, file });
    const end = Date.now() / 1000;
    await sleep(SETTLED_MS);
    const period = { start, end };
    const settled = { start, end: Date.now() / 1000 };
    const down = (await prometheus.targets()).filter(({ health }) => health !== 'up');
    const queries = panelQueries('everywhere', seconds);
    const empty = await emptyQueries(prometheus, queries, period);
    const rules = await unreadRules(prometheus, settled);
    const rows = await compared(prometheus, counted, settled);
    const points = await exemplars(prometheus, queries, period);
    console.log(
      aligned([
        ['', 'load test', 'Prometheus', ''],
        ...rows.map(({ what, counted, shown, agrees }) => [
          what,
          counted.toFixed(2),
          shown.toFixed(2),
          agrees ? 'agrees' : 'DIFFERS',
        ]),
      ]),
    );
    const wrong = [
      ...down.map(({ name, lastError }) => `${name} is not scraped: ${lastError}`),
      ...empty,
      ...rules.wrong,
    ];
    for (const line of wrong) console.log(line);
    console.log(
      `${points.shown} of ${points.wanted} panels with exemplars have some, such as trace ${points.traceId ?? 'none'}`,
    );
    console.log(
      `${queries.length} queries of panels, ${empty.length} empty; ${rules.checked} rules, ${rules.wrong.length} wrong`,
    );
    const differs = rows.filter(({ agrees }) => !agrees);
    if (wrong.length > 0 || differs.length > 0 || points.shown === 0)
      throw new CommandError('The dashboards do not show what the shop does.');
  } finally {
    await server.stop();
    await rm(own, { recursive: true, force: true });
  }
});
await run(CHECK);
process.exit();
