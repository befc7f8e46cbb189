import { command, CommandError, run } from '@sockshop/cli';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { timed } from './counts.ts';
import { applied, blocksOf } from './guide.ts';

const ROOT = join(import.meta.dirname, '../..');
const GUIDE = 'docs/adding-a-service.md';
/** In the workspace, so that packages it does not have itself are found in the workspace's node_modules. */
const COPY = join(ROOT, '.sockshop', 'ninth');
const LOCK = 'package-lock.json';
/** The goal of the guide. */
const MOST_FILES = 10;
const PATIENCE_MS = 60_000;

/** `npm run test:ninth`: does in a copy of the working tree what the guide says, and looks for the service in the Observatory. */
async function main(): Promise<void> {
  await timed('copy the working tree', copy);
  const touched = apply();
  await timed('npm install', install);
  if (read(LOCK) !== readFileSync(join(ROOT, LOCK), 'utf8')) touched.push(LOCK);
  const created = touched.filter((path) => !existsSync(join(ROOT, path)));
  list('created', created);
  list(
    'touched',
    touched.filter((path) => !created.includes(path)),
  );
  if (touched.length > MOST_FILES) throw new Error(`more than ${MOST_FILES} files`);

  await timed('type-check and build', () => tool('@typescript/native/bin/tsc', ['-b']));
  const written = touched.filter((path) => path !== LOCK);
  await timed('layout', () => tool('prettier/bin/prettier.cjs', ['--check', ...written]));
  await timed('the list against Compose, Kubernetes and the README', () =>
    tool('jest/bin/jest.js', ['-c', join(COPY, 'deploy/parts/jest.config.mjs')]),
  );
  await timed('the shop with the service', useService);
  rmSync(COPY, { recursive: true });
}

/** Sources and what is built of them, so that little has to be built again. */
function copy(): Promise<void> {
  rmSync(COPY, { recursive: true, force: true });
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const built = globSync('{libs,services,deploy,tools}/*/dist', { cwd: ROOT });
  for (const path of [...listed.trim().split('\n'), ...built]) {
    const from = join(ROOT, path);
    if (existsSync(from))
      cpSync(from, join(COPY, path), { recursive: true, preserveTimestamps: true });
  }
  for (const path of globSync('{libs,services,deploy,tools}/*/node_modules', { cwd: ROOT }))
    symlinkSync(join(ROOT, path), join(COPY, path));
  return Promise.resolve();
}

/** Answers the paths of the files that the guide's blocks create or change. */
function apply(): string[] {
  const blocks = blocksOf(read(GUIDE));
  for (const block of blocks) {
    const file = join(COPY, block.path);
    const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, applied(block, before));
  }
  return [...new Set(blocks.map(({ path }) => path))];
}

/** As `npm install` does: the lock file, and a link to each package of the workspace. */
function install(): Promise<void> {
  execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit'], {
    cwd: COPY,
    stdio: 'pipe',
    shell: process.platform === 'win32',
  });
  const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] };
  const manifests = globSync(
    workspaces.map((folder) => `${folder}/package.json`),
    { cwd: COPY },
  );
  for (const manifest of manifests) {
    const { name } = JSON.parse(read(manifest)) as { name: string };
    const link = join(COPY, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(COPY, dirname(manifest)), link);
  }
  return Promise.resolve();
}

/** Starts the embedded shop, adds a review and waits until the Observatory shows who took it. */
async function useService(): Promise<void> {
  const options = ['--port', '0', '--trace-port', '0', '--data', join(COPY, 'data')];
  const shop = spawn(process.execPath, [join(COPY, 'deploy/embedded/dist/main.js'), ...options], {
    env: { ...process.env, NODE_OPTIONS: '', OTEL_BSP_SCHEDULE_DELAY: '100' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => shop.once('close', resolve));
  let output = '';
  shop.stdout.on('data', (data: Buffer) => (output += data.toString()));
  try {
    const url = await found('the shop', () => /is ready: (\S+)/.exec(output)?.[1]);
    const reviews = await found('reviews', () => /^reviews +(\S+)/m.exec(output)?.[1]);
    const review = JSON.stringify({ stars: 5, text: 'Warm.' });
    const body = { method: 'POST', headers: { 'content-type': 'application/json' }, body: review };
    await expect(`${reviews}/reviews/holy`, review, body);
    await expect(`${reviews}/reviews/holy`, `[${review}]`);
    await expect(`${reviews}/health`, '"service":"reviews"');
    await expect(`${reviews}/openapi.json`, '/reviews/{sock}');
    const part = await found('reviews in the Observatory', async () => {
      const traffic = (await (await fetch(`${url}/observatory/api/traffic`)).json()) as Traffic;
      return traffic.services.find(({ name }) => name === 'reviews');
    });
    console.log(`  ${url}/observatory shows: ${JSON.stringify(part)}`);
  } finally {
    shop.kill();
    await ended;
  }
}

interface Traffic {
  readonly services: readonly { readonly name: string }[];
}

async function expect(url: string, part: string, init?: RequestInit): Promise<void> {
  const response = await fetch(url, init);
  const text = await response.text();
  console.log(`  ${init?.method ?? 'GET'} ${url}: ${response.status}`);
  if (!response.ok || !text.includes(part)) throw new Error(`not ${part}: ${text}`);
}

/** Waits until there is such a thing. */
async function found<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const thing = await look();
    if (thing !== undefined) return thing;
    if (Date.now() > end) throw new Error(`not found: ${what}`);
    await pause(50);
  }
}

/** Runs a program of the workspace in the copy. @throws Error with what it printed. */
function tool(script: string, parameters: readonly string[]): Promise<void> {
  const program = join(ROOT, 'node_modules', script);
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...parameters], {
    cwd: COPY,
    env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${script} failed in ${COPY}:\n${stdout}${stderr}`);
  return Promise.resolve();
}

function read(path: string): string {
  return readFileSync(join(COPY, path), 'utf8');
}

function list(what: string, paths: readonly string[]): void {
  console.log(`  ${paths.length} ${what}: ${paths.join(', ')}`);
}

await run(
  command('npm run test:ninth --')
    .description('Follows docs/adding-a-service.md in a copy of the workspace.')
    .action(() =>
      main().catch((cause: unknown) => {
        throw new CommandError(cause instanceof Error ? cause.message : String(cause), { cause });
      }),
    ),
);
