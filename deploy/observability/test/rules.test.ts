import { expect, it } from '@jest/globals';
import { promtool } from '@sockshop/testing/real-servers';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROMETHEUS_FILES } from '../src/prometheus.ts';

const filesOf = (folder: string): string[] =>
  readdirSync(join(PROMETHEUS_FILES, folder)).map((file) => join(PROMETHEUS_FILES, folder, file));
const textOf = (folder: string): string =>
  filesOf(folder)
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
const run = (...args: string[]): string =>
  execFileSync(promtool.url, args, { encoding: 'utf8', stdio: 'pipe' });

promtool.suite("Prometheus' files", () => {
  it.each(['compose.yaml', 'processes.yaml'])('%s and its rules are valid', (file) => {
    expect(run('check', 'config', join(PROMETHEUS_FILES, file))).toContain('SUCCESS');
  });

  it('each alert comes when it should, and only then', () => {
    expect(run('test', 'rules', ...filesOf('tests'))).not.toContain('FAILED');
  });

  it('each alert has a test in which it comes and one in which it does not', () => {
    const alerts = [...textOf('rules').matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
    const tested = textOf('tests').split(/- eval_time:/);
    for (const alert of alerts) {
      const cases = tested.filter((text) => text.includes(`alertname: ${alert}\n`));
      const comes = cases.map((text) => !text.includes('exp_alerts: []'));
      expect([alert, comes.includes(true), comes.includes(false)]).toEqual([alert, true, true]);
    }
  });
});
