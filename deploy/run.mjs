// npm's scripts start here: installs and builds what is not up to date, then runs the part that was asked for.
// Plain JavaScript without dependencies, as it must run on a fresh clone, on Node 20.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const BIN = join(ROOT, 'node_modules', '.bin');
const NODE = join(ROOT, 'node_modules', 'node', 'bin', 'node');
const STATE = join(ROOT, '.sockshop');

/**
 * What each command runs once everything is built. A small young generation (MiB), collecting before the heap has grown far, and
 * smaller code keep eight services in one process, npm beside it included, below 200 MiB also under load.
 */
const COMMANDS = {
  start: {
    project: '@sockshop/embedded',
    main: 'deploy/embedded/dist/main.js',
    flags: ['--max-semi-space-size=2', '--heap-growing-percent=20', '--optimize-for-size'],
  },
  dev: {
    project: '@sockshop/dev',
    main: 'deploy/dev/dist/main.js',
    flags: ['--enable-source-maps'],
  },
  'start:distributed': distributed('start'),
  // They act on what runs: nothing is built anew under it.
  stop: { ...distributed('stop'), asBuilt: true },
  status: { ...distributed('status'), asBuilt: true },
  chaos: {
    project: '@sockshop/chaos', // with the launcher, all services and the load generator
    main: 'tools/chaos/dist/main.js',
    flags: [],
  },
  queue: {
    project: '@sockshop/queue',
    main: 'tools/queue/dist/main.js',
    flags: [],
    asBuilt: true,
  },
  backup: backup('backup'),
  restore: backup('restore'),
  load: {
    project: '@sockshop/loadtest',
    main: 'loadtest/dist/main.js',
    flags: ['--max-semi-space-size=1'],
  },
  test: { project: undefined, main: 'e2e/dist/main.js', flags: [] },
};

function distributed(name) {
  return {
    project: '@sockshop/distributed', // with all services
    main: 'deploy/distributed/dist/main.js',
    flags: ['--max-semi-space-size=1'],
    args: [name],
  };
}

/** Of either way; they act on what runs, too. */
function backup(name) {
  return {
    project: '@sockshop/backup',
    main: 'tools/backup/dist/main.js',
    flags: [],
    args: [name],
    asBuilt: true,
  };
}

// Tools that read scripts (knip) import this file: it must do nothing then.
if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));

async function main([name, ...args]) {
  const command = COMMANDS[name];
  if (!command) {
    console.error(`usage: node deploy/run.mjs ${Object.keys(COMMANDS).join('|')} [options]`);
    process.exit(2);
  }
  const { main, flags, args: own = [], asBuilt } = command;
  if (asBuilt && existsSync(NODE) && existsSync(join(ROOT, main))) {
    await start([...flags, join(ROOT, main), ...own, ...args]);
    return;
  }
  await step('install', installedFor(lockHash()), async () => {
    await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    writeFileSync(join(ROOT, 'node_modules', '.installed'), lockHash());
  });
  const stamp = join(STATE, `built-${name.replace(':', '-')}`);
  await step('build', isBuilt(stamp, main), async () => {
    const started = new Date();
    const which = command.project ? ['-p', command.project] : [];
    const nx = [join(BIN, 'nx'), 'run-many', '-t', 'build', ...which, '--outputStyle=static'];
    await run(NODE, nx);
    mkdirSync(STATE, { recursive: true });
    writeFileSync(stamp, '');
    utimesSync(stamp, started, started); // a file saved while the build ran is newer than what was built
  });
  await start([...flags, join(ROOT, main), ...own, ...args]);
}

/** Runs `work` unless it is up to date, and says how long it took. */
async function step(title, upToDate, work) {
  if (upToDate) return;
  const started = Date.now();
  process.stdout.write(`${title} … `);
  await work();
  console.log(`done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
}

function installedFor(hash) {
  const stamp = join(ROOT, 'node_modules', '.installed');
  return existsSync(stamp) && existsSync(NODE) && readFileSync(stamp, 'utf8') === hash;
}

/** Whether no source is newer than the last build. Times, not contents: this runs at every start. */
function isBuilt(stamp, main) {
  if (!existsSync(stamp) || !existsSync(join(ROOT, main))) return false;
  const built = statSync(stamp).mtimeMs;
  const places = [
    'libs',
    'services',
    'tools',
    'deploy',
    'loadtest',
    'e2e',
    'package-lock.json',
    'tsconfig.base.json',
  ];
  return places.every((place) => newest(join(ROOT, place)) < built);
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const skipped = ['node_modules', 'dist', 'images', 'test'];
  const names = readdirSync(path).filter(
    (entry) => !skipped.includes(entry) && !entry.startsWith('.'),
  );
  return Math.max(0, ...names.map((entry) => newest(join(path, entry))));
}

/** Everything that is run sees the workspace's own Node 24 first. */
function environment() {
  return {
    ...process.env,
    PATH: `${BIN}${delimiter}${process.env.PATH}`,
    NX_DAEMON: 'false',
    NX_NO_CLOUD: 'true',
  };
}

/** What it prints is shown only when it fails. */
function run(program, parameters) {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment(),
    });
    const printed = [];
    child.stdout.on('data', (data) => printed.push(data));
    child.stderr.on('data', (data) => printed.push(data));
    child.on('error', (error) => fail(error.message));
    child.on('close', (code) => (code === 0 ? resolve() : fail(Buffer.concat(printed).toString())));
  });
}

function fail(text) {
  console.error(`failed\n${text}`);
  process.exit(1);
}

/** This process becomes the shop where Node can do that, so that nothing of ours waits beside it; else it waits. */
async function start(parameters) {
  const env = {
    ...environment(),
    NODE_COMPILE_CACHE: join(STATE, 'compile-cache'),
    MALLOC_ARENA_MAX: '2',
  };
  if (typeof process.execve === 'function') {
    process.removeAllListeners('warning');
    process.execve(NODE, [NODE, ...parameters], env);
  }
  const child = spawn(NODE, parameters, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
