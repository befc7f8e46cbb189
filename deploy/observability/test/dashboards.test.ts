import { describe, expect, it } from '@jest/globals';
import { promtool } from '@sockshop/testing/real-servers';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dashboardFiles, DASHBOARDS_FOLDER } from '../src/dashboard-files.ts';
import { DASHBOARDS } from '../src/dashboards/all.ts';
import { metricNames, panelQueries } from '../src/queries.ts';

describe("Grafana's dashboards", () => {
  it('are those that npm run dashboards writes', () => {
    const files = dashboardFiles();
    expect(readdirSync(DASHBOARDS_FOLDER).sort()).toEqual([...files.keys()].sort());
    for (const [name, text] of files)
      expect(readFileSync(join(DASHBOARDS_FOLDER, name), 'utf8')).toBe(text);
  });

  it('have addresses of their own, which stay', () => {
    const uids = [...dashboardFiles().values()].map(
      (text) => (JSON.parse(text) as { uid: string }).uid,
    );
    expect(new Set(uids).size).toBe(uids.length);
    expect(uids).toContain('sock-shop-orders');
  });

  it('read Prometheus by the name that it is provisioned under', () => {
    const file = join(DASHBOARDS_FOLDER, '../provisioning/datasources/sources.yaml');
    expect(readFileSync(file, 'utf8')).toContain('uid: prometheus\n');
    for (const text of dashboardFiles().values()) {
      const { uid: own } = JSON.parse(text) as { uid: string };
      const uids = [...text.matchAll(/"uid": "([^"]+)"/g)].map(([, uid]) => uid);
      expect(new Set(uids)).toEqual(new Set([own, 'prometheus']));
    }
  });

  it('show exemplars for histograms only', () => {
    const queries = DASHBOARDS.flatMap(({ rows }) => rows)
      .flatMap(({ panels }) => panels)
      .flatMap((panel) => panel.queries);
    for (const { expr, exemplars } of queries)
      expect(exemplars === true && !expr.includes('_bucket')).toBe(false);
  });
});

promtool.suite('The queries of the dashboards', () => {
  it('are valid, also those for Kubernetes', () => {
    const queries = [...panelQueries('everywhere', 60), ...panelQueries('kubernetes', 60)];
    const rules = queries.map(({ expr }, index) => ({ record: `query:${index}`, expr }));
    const folder = mkdtempSync(join(tmpdir(), 'queries-'));
    try {
      const file = join(folder, 'rules.json'); // JSON is YAML
      writeFileSync(file, JSON.stringify({ groups: [{ name: 'queries', rules }] }));
      expect(execFileSync(promtool.url, ['check', 'rules', file], { encoding: 'utf8' })).toContain(
        `SUCCESS: ${rules.length} rules found`,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('metricNames', () => {
  it.each([
    ['sum(rate(a_total{x="y_z"}[5m])) > 0', ['a_total']],
    ['histogram_quantile(0.95, sum by (b_name, le) (rate(a_bucket[5m]))) > 5', ['a_bucket']],
    ['up{name="x"} == 0 or absent(up{name="y"})', ['up']],
    ['a:b:rate5m > 14.4 * 0.005 and a:b:rate1h > 1', ['a:b:rate5m', 'a:b:rate1h']],
    ['a_x * on (job, b_c) group_left (d_e) target_info', ['a_x', 'target_info']],
  ])('of %s', (expr, names) => {
    expect(metricNames(expr)).toEqual(names);
  });
});
