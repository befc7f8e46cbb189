import { command, run, text } from '@sockshop/cli';
import {
  buildCollector,
  findBrowser,
  findHaproxy,
  findPromtool,
  startTestServers,
  type TestServers,
} from '@sockshop/servers';
import { claimFolder, removeState } from '@sockshop/supervisor';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkStyle, runCheck, TYPE_CHECK } from './lint.ts';
import { runJest } from './jest.ts';
import { verdict } from './verdict.ts';
import { add, timed } from './counts.ts';

const ROOT = join(import.meta.dirname, '../..'); // e2e/dist
const SERVERS = ['mariadb', 'mongodb', 'rabbitmq', 'zipkin', 'zookeeper'] as const;

const TEST = command('npm test --')
  .description(
    'Type-check, lint, then every suite against real servers, or those whose path has a PATTERN.',
  )
  .argument('[PATTERN...]')
  .option('--name <TEXT>', 'only the tests whose name contains it', text)
  .addHelpText('after', "\nJest's own options follow a second --: npm test -- orders -- --verbose");

async function test(suites: readonly string[]): Promise<number> {
  const dir = join(ROOT, '.sockshop', 'test-servers');
  const say = (line: string): void => {
    console.log(`  ${line}`);
  };
  // A second run must not delete the data of the first one's servers.
  claimFolder(dir, { way: 'distributed', url: 'npm test is at work', logs: dir });
  process.on('exit', () => {
    removeState(dir);
  });
  const types = await runCheck(ROOT, TYPE_CHECK, 'first');
  const style = checkStyle(ROOT);
  for (const name of SERVERS) await rm(join(dir, name), { recursive: true, force: true });
  const servers = await timed('real servers', () =>
    startTestServers({ dir, say, wanted: [...SERVERS] }),
  );
  try {
    const browser = await pathOf(findBrowser, say);
    const collector = await pathOf(buildCollector, say);
    const haproxy = await pathOf(findHaproxy, say);
    const promtool = await pathOf(findPromtool, say);
    const env = {
      ...servers.env,
      ...(browser !== undefined && { TEST_CHROMIUM: browser }),
      ...(collector !== undefined && { TEST_COLLECTOR: collector }),
      ...(haproxy !== undefined && { TEST_HAPROXY: haproxy }),
      ...(promtool !== undefined && { TEST_PROMTOOL: promtool }),
    };
    reportMissing(servers, {
      browser: [browser, 'no Chromium found'],
      'OpenTelemetry Collector': [collector, 'it could not be built'],
      HAProxy: [haproxy, 'none found'],
      promtool: [promtool, 'Prometheus is not installed'],
    });
    const { counts, flaky } = await timed('suites', () =>
      runJest({ root: ROOT, env, args: suites, output: 'inherit' }),
    );
    const all = add(types, add(await style, counts));
    const { lines, code } = verdict(all, flaky, process.env['CI'] === 'true');
    for (const line of lines) console.log(line);
    return code;
  } finally {
    await servers.stop();
  }
}

/** Skips the suites of unavailable servers and counts them as skipped. */
function reportMissing(
  servers: TestServers,
  programs: Readonly<Record<string, readonly [path: string | undefined, why: string]>>,
): void {
  const missing = servers.missing.map(({ name, why }) => `${name}: ${why}`);
  for (const [name, [path, why]] of Object.entries(programs))
    if (path === undefined) missing.push(`${name}: ${why}`);
  for (const line of missing) console.log(`NOT TESTED WITH ${line}`);
}

async function pathOf(
  find: (say: (line: string) => void) => Promise<string>,
  say: (line: string) => void,
): Promise<string | undefined> {
  try {
    return await find(say);
  } catch (error) {
    say(String(error));
    return undefined;
  }
}

TEST.action(async (patterns, { name }) => {
  const named = name === undefined ? [] : [`--testNamePattern=${name}`];
  process.exitCode = await test([...patterns, ...named]);
});
await run(TEST);
