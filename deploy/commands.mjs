// Installs and builds what is not up to date, then runs the part that was asked for.
// Plain JavaScript without dependencies, as it must run on a fresh clone, on Node 20.
import { spawn, spawnSync } from 'node:child_process';
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

/** What each command runs once everything is built. `flags`: Node's, besides those of the profile, which node-flags.json has. */
const COMMANDS = {
  start: {
    about: 'runs the whole shop in one process',
    project: '@sockshop/embedded',
    main: 'deploy/embedded/dist/main.js',
    flags: [],
    profiled: true,
  },
  dev: {
    about: 'the same, and takes over code as it is saved',
    project: '@sockshop/dev',
    main: 'deploy/dev/dist/main.js',
    flags: ['--enable-source-maps'],
    profiled: true,
  },
  'start:distributed': distributed(
    'start:distributed',
    'runs each service as a process, on real servers',
  ),
  // They act on what runs: nothing is built anew under it.
  stop: { ...distributed('stop', 'stops the shop, whichever way it runs'), asBuilt: true },
  status: { ...distributed('status', 'shows whether it runs, and its processes'), asBuilt: true },
  chaos: {
    about: 'breaks the distributed shop under load, and counts what was lost',
    project: '@sockshop/chaos', // with the launcher, all services and the load generator
    main: 'tools/chaos/dist/main.js',
    flags: [],
  },
  queue: {
    about: 'lists, replays or deletes dead-lettered messages',
    project: '@sockshop/queue',
    main: 'tools/queue/dist/main.js',
    flags: [],
    asBuilt: true,
  },
  backup: backup('backup', 'saves all that a shop keeps to a file'),
  restore: backup('restore', 'puts it back'),
  soak: {
    about: 'shops for a long time, and names what leaks',
    project: '@sockshop/soak', // with the launchers, all services and the load generator
    main: 'tools/soak/dist/main.js',
    flags: [],
  },
  load: {
    about: 'puts load on a running shop',
    project: '@sockshop/loadtest',
    main: 'loadtest/dist/main.js',
    flags: ['--max-semi-space-size=1'],
  },
  test: {
    about: 'type-check, lint and every suite',
    project: undefined,
    main: 'e2e/dist/main.js',
    flags: [],
  },
  build: { about: 'builds everything', tools: ['nx run-many -t build'] },
  format: { about: 'writes the layout of every file', tools: ['prettier --write .'] },
  lint: {
    about: 'checks style, module boundaries, layout and dead code',
    tools: ['nx run-many -t lint', 'prettier --check .', 'knip'],
  },
  'test:ninth': {
    about: 'follows docs/adding-a-service.md in a copy of the workspace',
    project: undefined,
    main: 'e2e/dist/ninth.js',
    flags: [],
  },
  pictures: {
    about: "takes the README's pictures",
    project: undefined,
    main: 'e2e/dist/pictures.js',
    flags: [],
  },
};

function distributed(name, about) {
  return {
    about,
    project: '@sockshop/distributed', // with all services
    main: 'deploy/distributed/dist/main.js',
    flags: ['--max-semi-space-size=1'],
    args: [name],
  };
}

/** Of either way; they act on what runs, too. */
function backup(name, about) {
  return {
    about,
    project: '@sockshop/backup',
    main: 'tools/backup/dist/main.js',
    flags: [],
    args: [name],
    asBuilt: true,
  };
}

export async function main([name = '', ...args]) {
  if (name === '--help' || name === '-h') return console.log(overview());
  if (!Object.hasOwn(COMMANDS, name)) wrongCommand(name);
  const { main, about, asBuilt, tools } = COMMANDS[name];
  const asksForHelp = args.includes('--help') || args.includes('-h');
  if (tools) return runTools(name, asksForHelp, args);
  const isThere = existsSync(NODE) && existsSync(join(ROOT, main));
  if (asksForHelp && !isThere) {
    return console.log(
      `${name}: ${about}\n\nIts options are listed once it is built: npm run build`,
    );
  }
  if (!(isThere && (asBuilt || asksForHelp))) {
    await install();
    await build(name);
  }
  const end = args.indexOf('--'); // words after it are Jest's, which would begin to work before it helps
  const words = asksForHelp && end !== -1 ? [...args.slice(0, end), '--help'] : args;
  await start(launchOf(name, words));
}

/** Each in turn, until one fails. */
async function runTools(name, asksForHelp, args) {
  const { about, tools } = COMMANDS[name];
  if (asksForHelp) return console.log(`${name}: ${about}\n\n  ${tools.join('\n  ')}`);
  if (args.length > 0) {
    console.error(`${name} takes no options: ${args.join(' ')}`);
    process.exit(2);
  }
  await install();
  for (const tool of tools) {
    const [program, ...words] = tool.split(' ');
    const options = { cwd: ROOT, stdio: 'inherit', env: environment() };
    const { status } = spawnSync(NODE, [join(BIN, program), ...words], options);
    if (status !== 0) process.exit(1);
  }
}

function overview() {
  const names = Object.keys(COMMANDS);
  const width = Math.max(...names.map((name) => name.length));
  const rows = names.map((name) => `  ${name.padEnd(width)}  ${COMMANDS[name].about}`);
  return [
    'npm run COMMAND -- [options]',
    '',
    ...rows,
    '',
    'Each lists its options with --help.',
  ].join('\n');
}

function wrongCommand(name) {
  const near = Object.keys(COMMANDS)
    .map((each) => ({ each, edits: editsBetween(name, each) }))
    .filter(({ each, edits }) => edits <= Math.max(1, each.length / 2))
    .sort((one, other) => one.edits - other.edits);
  const meant = near.length === 0 ? '' : `; did you mean ${near[0].each}?`;
  const what = name === '' ? 'give a command' : `no command ${name}${meant}`;
  console.error(`${what}\n\n${overview()}`);
  process.exit(2);
}

/** How many letters must be inserted, removed or replaced to make one word the other. */
function editsBetween(from, to) {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      row.push(Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + same));
    }
  }
  return row[to.length];
}

async function install() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(lock).digest('hex');
  const stamp = join(ROOT, 'node_modules', '.installed');
  if (existsSync(stamp) && existsSync(NODE) && readFileSync(stamp, 'utf8') === hash) return;
  if (!existsSync(NODE)) {
    console.log(
      'The first start installs packages and builds them: one to three minutes. Later ones take seconds.',
    );
  }
  const manifests = packagesHere(lock).map((path) => join(ROOT, path, 'package.json'));
  const progress = () => {
    const there = manifests.filter(existsSync).length;
    if (there === 0) return 'npm begins';
    const rest = there < manifests.length || existsSync(NODE) ? '' : ", then Node's own program";
    return `${there} of ${manifests.length} packages${rest}`;
  };
  // npm's own pauses before it asks again are 10 and 60 seconds: too long to learn that there is no network.
  const retries = [
    '--fetch-retries=3',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=10000',
  ];
  const npm = ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...retries];
  const { code, printed } = await step('install', 'installed', progress, async () => {
    // Asked once before, an unreachable registry is known at once: npm ci tries for each of its packages.
    const ping = await run('npm', ['ping', '--loglevel=error', '--fetch-retries=0']);
    return ping.code !== 0 && offline(ping.printed) ? ping : run('npm', npm);
  });
  if (code !== 0) fail(offline(printed) ?? `npm ${npm.join(' ')} failed:\n${printed}`);
  writeFileSync(stamp, hash);
}

/** The folders of the packages that npm installs on this kind of machine. */
function packagesHere(lock) {
  const takes = (list, own) =>
    !list || list.includes(own) || (list[0].startsWith('!') && !list.includes(`!${own}`));
  return Object.entries(JSON.parse(lock).packages)
    .filter(([path, { link }]) => path.includes('node_modules/') && !link)
    .filter(([path]) => !path.includes('-wasm32-')) // what these bring is not marked as theirs
    .filter(([, { os, cpu }]) => takes(os, process.platform) && takes(cpu, process.arch))
    .filter(([, { libc }]) => takes(libc, 'glibc')) // few machines have another one; there the number is a little off
    .map(([path]) => path);
}

/** One line where npm could not reach the registry. */
function offline(printed) {
  const [reason] =
    /CERT_[A-Z_]+|[A-Z_]+_CERT[A-Z_]*|UNABLE_TO_VERIFY_LEAF_SIGNATURE/.exec(printed) ?? [];
  if (reason)
    return `npm does not trust the certificate of its registry (${reason}): name your company's with npm config set cafile FILE, and start again.`;
  const [silence] =
    /ENOTFOUND|EAI_AGAIN|ECONN[A-Z]+|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EPROTO/.exec(
      printed,
    ) ?? [];
  return silence
    ? `npm cannot reach its registry (${silence}): the first start needs a network. Check it, or npm's proxy settings, and start again.`
    : undefined;
}

async function build(name) {
  const { project, main } = COMMANDS[name];
  const stamp = join(STATE, `built-${name.replace(':', '-')}`);
  if (isBuilt(stamp, main)) return;
  const started = new Date();
  let shown = '';
  const progress = () => {
    const all = /and (\d+) tasks? it depends on/.exec(shown) ?? /for (\d+) projects/.exec(shown);
    const done = shown.match(/^> nx run \S+:build/gm) ?? [];
    return all ? `${done.length} of ${Number(all[1]) + (project ? 1 : 0)} packages` : '';
  };
  const nx = [
    join(BIN, 'nx'),
    'run-many',
    '-t',
    'build',
    ...(project ? ['-p', project] : []),
    '--outputStyle=static',
  ];
  const result = await step('build', 'built', progress, () =>
    run(NODE, nx, (text) => {
      shown += text;
    }),
  );
  if (result.code !== 0) fail(`The build failed:\n${result.printed}`);
  mkdirSync(STATE, { recursive: true, mode: 0o700 });
  writeFileSync(stamp, '', { mode: 0o600 });
  utimesSync(stamp, started, started); // a file saved while the build ran is newer than what was built
}

/** Shows how far `work` is: each second in one line of a terminal, every five seconds in a line of a log. Then how long it took. */
async function step(title, done, progress, work) {
  const started = Date.now();
  const { isTTY } = process.stdout;
  const show = () => {
    const seconds = `${Math.round((Date.now() - started) / 1000)} s`;
    const line = `${title}: ${[progress(), seconds].filter(Boolean).join(', ')}`;
    process.stdout.write(isTTY ? `\r${line}\x1b[K` : `${line}\n`);
  };
  if (isTTY) show();
  const timer = setInterval(show, isTTY ? 1000 : 5000);
  const result = await work();
  clearInterval(timer);
  if (isTTY) process.stdout.write('\r\x1b[K');
  if (result.code === 0) console.log(`${done} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return result;
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

/** Runs a program to its end; what it prints is kept, without colours: the progress is read from it. */
function run(program, parameters, onText = () => undefined) {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environment(), NO_COLOR: '1' },
    });
    let printed = '';
    const keep = (data) => {
      printed += data;
      onText(String(data));
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: 1, printed: error.message }));
    child.on('close', (code) => resolve({ code, printed }));
  });
}

function fail(text) {
  console.error(text);
  process.exit(1);
}

/** Everything that runs a built command as `npm run NAME -- WORDS` does; what starts a shop of its own takes it from here, too. */
export function launchOf(name, words = []) {
  const { main, flags, args = [], profiled } = COMMANDS[name];
  const profile = profiled ? flagsOf(words) : [];
  return {
    program: NODE,
    parameters: [...profile, ...flags, join(ROOT, main), ...args, ...words],
    env: {
      ...environment(),
      NODE_COMPILE_CACHE: join(STATE, 'compile-cache'),
      MALLOC_ARENA_MAX: '2',
    },
  };
}

/** Of the profile that is asked for; the program itself refuses an unknown one. */
function flagsOf(words) {
  const at = words.findLastIndex((word) => word === '--profile' || word.startsWith('--profile='));
  const given = at === -1 ? process.env.SHOP_PROFILE : (words[at].split('=')[1] ?? words[at + 1]);
  const profiles = JSON.parse(readFileSync(join(ROOT, 'deploy', 'node-flags.json'), 'utf8'));
  return (Object.hasOwn(profiles, given ?? '') ? profiles[given] : profiles.fast).embedded;
}

/** This process becomes the shop where Node can do that, so that nothing of ours waits beside it; else it waits. */
async function start({ program, parameters, env }) {
  process.umask(0o077); // what is written below .sockshop is for its owner alone
  if (typeof process.execve === 'function') {
    process.removeAllListeners('warning');
    process.execve(program, [program, ...parameters], env);
  }
  const child = spawn(program, parameters, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
