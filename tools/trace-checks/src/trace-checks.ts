import { CommandError } from '@sockshop/cli';
import { startTestServers } from '@sockshop/servers';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKS } from './checks.ts';
import { documentOf, keptOutcomes } from './document.ts';
import { tryMutants } from './mutants.ts';
import { runTests } from './named-tests.ts';
import { ROOT, sources } from './workspace.ts';

const DOCUMENT = 'docs/tracing-checks.md';
const SERVERS = ['mariadb', 'mongodb', 'rabbitmq', 'zipkin'] as const;
const VARIABLES = ['TEST_MYSQL_URL', 'TEST_MONGO_URL', 'TEST_RABBITMQ_URL', 'TEST_ZIPKIN_URL'];

interface Options {
  readonly mutants?: true;
  readonly only?: readonly number[];
}

/** The exit code: 1 unless every test passes, and with `mutants` each mutant turns its test red. */
export async function traceChecks({ mutants, only }: Options): Promise<number> {
  const checks = CHECKS.filter(({ number }) => only?.includes(number) ?? true);
  const folder = mkdtempSync(join(tmpdir(), 'sock-shop-trace-checks-'));
  const servers = await realServers(folder);
  try {
    const results = await runTests(checks, servers.env, say);
    const among = sources();
    const path = join(ROOT, DOCUMENT);
    const outcomes = keptOutcomes(
      existsSync(path) ? readFileSync(path, 'utf8') : '',
      CHECKS,
      among,
    );
    for (const { number } of checks)
      outcomes.set(number, { result: results.get(number), verdict: outcomes.get(number)?.verdict });
    write(path, documentOf(CHECKS, outcomes, among));
    const passed = checks.filter(({ number }) => results.get(number) === 'pass');
    const verdicts = mutants ? await tryMutants(passed, servers.env, say) : undefined;
    for (const [number, verdict] of verdicts ?? [])
      outcomes.set(number, { result: results.get(number), verdict });
    write(path, documentOf(CHECKS, outcomes, among));
    const failed = checks.filter(({ number }) => results.get(number) !== 'pass');
    const green = passed.filter(({ number }) => verdicts && verdicts.get(number) !== 'red');
    report(checks.length, failed, 'do not pass');
    if (mutants) report(checks.length, green, 'have a mutant that their test does not notice');
    return failed.length + green.length === 0 ? 0 : 1;
  } finally {
    await servers.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Those that the environment names, as in `npm test`, or servers of our own. */
async function realServers(dir: string) {
  if (VARIABLES.every((name) => process.env[name])) {
    return { env: {}, stop: () => Promise.resolve() };
  }
  const { env, missing, stop } = await startTestServers({ dir, say, wanted: [...SERVERS] });
  if (missing.length === 0) return { env, stop };
  await stop();
  const which = missing.map(({ name, why }) => `${name}: ${why}`).join('\n');
  throw new CommandError(`The checks need real servers. ${which}`);
}

function write(path: string, text: string): void {
  writeFileSync(path, text);
  const prettier = join(ROOT, 'node_modules', 'prettier', 'bin', 'prettier.cjs');
  execFileSync(process.execPath, [prettier, '--write', '--log-level', 'error', path], {
    cwd: ROOT,
  });
}

function report(all: number, which: readonly { number: number }[], what: string): void {
  const numbers = which.map(({ number }) => number).join(', ');
  console.log(
    which.length === 0 ? `0 of ${all} ${what}.` : `${which.length} of ${all} ${what}: ${numbers}`,
  );
}

function say(line: string): void {
  console.log(`  ${line}`);
}
