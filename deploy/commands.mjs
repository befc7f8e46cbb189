// Installs and builds what is not up to date, then runs the part that was asked for.
// Plain JavaScript without dependencies, as it must run on a fresh clone, on Node 20.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { BIN, environment, NODE, ROOT, STATE } from './steps.mjs';

/** What each command runs once everything is built. `flags`: Node's, besides those of the profile, which node-flags.json has. */
const COMMANDS = {
  start: {
    about: 'runs the whole shop in one process',
    main: 'deploy/embedded/dist/main.js',
    flags: [],
    profiled: true,
  },
  dev: {
    about: 'the same, and takes over code as it is saved',
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
  mesh: {
    about: 'changes the running distributed shop: versions, instances, shares of the requests',
    main: 'deploy/mesh/dist/main.js',
    flags: [],
    asBuilt: true,
  },
  'mesh:check': {
    about: 'uses every command of the mesh under load, and counts what shoppers notice',
    main: 'tools/mesh-check/dist/main.js',
    flags: [],
  },
  chaos: {
    about: 'breaks the distributed shop under load, and counts what was lost',
    main: 'tools/chaos/dist/main.js',
    flags: [],
  },
  logs: {
    about: 'finds lines in the logs of all services, such as those of one order',
    main: 'tools/logs/dist/main.js',
    flags: [],
    asBuilt: true,
  },
  queue: {
    about: 'lists, replays or deletes dead-lettered messages',
    main: 'tools/queue/dist/main.js',
    flags: [],
    asBuilt: true,
  },
  'trace:lint': {
    about: 'reports what is wrong with recorded traces, of any system',
    main: 'tools/trace/dist/main.js',
    flags: ['--max-old-space-size=8192'],
  },
  backup: backup('backup', 'saves all that a shop keeps to a file'),
  restore: backup('restore', 'puts it back'),
  budget: {
    about: 'measures what a request, an order, a start and an image cost, against their budgets',
    main: 'tools/budget/dist/main.js',
    flags: [],
  },
  scaling: {
    about: 'turns measured costs into the capacity model of docs/scaling.md',
    main: 'tools/scaling/dist/main.js',
    flags: [],
  },
  soak: {
    about: 'shops for a long time, and names what leaks',
    main: 'tools/soak/dist/main.js',
    flags: [],
  },
  'trace:check': {
    about: 'compares the traces of each journey with their golden shapes',
    main: 'tools/trace-shapes/dist/check-main.js',
    flags: [],
  },
  'trace:diff': {
    about: 'says what changed between two recorded runs',
    main: 'tools/trace-shapes/dist/diff-main.js',
    flags: [],
  },
  load: {
    about: 'puts load on a running shop',
    main: 'loadtest/dist/main.js',
    flags: ['--max-semi-space-size=1', '--heap-growing-percent=20', '--optimize-for-size'],
  },
  bench: {
    about: 'measures what a request costs',
    project: '@sockshop/bench', // with both ways of running the shop
    main: 'tools/bench/dist/main.js',
    flags: [],
  },
  prometheus: {
    about: 'runs Prometheus beside the shop, with its alerts',
    main: 'deploy/observability/dist/main.js',
    flags: [],
  },
  dashboards: {
    about: "writes Grafana's dashboards from their source",
    allPackages: true,
    main: 'deploy/observability/dist/write-main.js',
    flags: [],
  },
  'dashboards:check': {
    about: 'puts load on a shop, and asks Prometheus every query of the dashboards and alerts',
    main: 'deploy/observability/dist/check-main.js',
    flags: [],
  },
  'example:bring-your-own': {
    about: 'runs the shop behind a Collector with tail sampling, and counts what it keeps',
    main: 'examples/bring-your-own/dist/main.js',
    flags: [],
  },
  'example:http-chain': {
    about: 'runs three HTTP services that call each other, and prints their trace',
    main: 'examples/http-chain/dist/main.js',
    flags: [],
  },
  'example:rpc-chain': {
    about: 'runs two gRPC services behind ZooKeeper, and prints a trace of both',
    main: 'examples/rpc-chain/dist/main.js',
    flags: [],
  },
  test: {
    about: 'type-check, lint and every suite',
    allPackages: true,
    main: 'e2e/dist/main.js',
    flags: [],
  },
  'bench:tracing': {
    about: 'measures what a traced request costs, beside stock instrumentation',
    allPackages: true,
    main: 'tools/bench-tracing/dist/main.js',
    flags: [],
  },
  'package:check': {
    about: 'packs the tracing lib and uses it in an empty project, on three versions of Node',
    main: 'tools/package-check/dist/main.js',
    flags: [],
  },
  'helm-chart': {
    about: 'writes the Helm chart from the Kubernetes manifests',
    main: 'tools/helm-chart/dist/main.js',
    flags: [],
  },
  'trace:checks': {
    about: 'runs the test of each check of a span, and writes docs/tracing-checks.md',
    allPackages: true,
    main: 'tools/trace-checks/dist/main.js',
    flags: [],
  },
  'docs:api': {
    about: 'writes the API reference of the tracing lib to libs/tracing/api',
    tools: ['typedoc --options libs/tracing/typedoc.json'],
  },
  build: { about: 'builds everything', tools: ['nx run-many -t build'] },
  format: { about: 'writes the layout of every file', tools: ['prettier --write .'] },
  lint: {
    about: 'checks types, style, module boundaries, layout and dead code',
    tools: ['tsc -b', 'oxlint', 'eslint .', 'prettier --check .', 'knip'],
  },
  'test:containers': {
    about: 'brings the shop of Docker Compose up on a real engine, and counts what fails',
    main: 'tools/containers/dist/main.js',
    flags: [],
  },
  cluster: {
    about: 'starts or ends a real Kubernetes on this machine',
    main: 'tools/cluster/dist/main.js',
    flags: [],
    asBuilt: true,
  },
  'test:kubernetes': {
    about: 'runs the shop on a real Kubernetes, and tries it there',
    main: 'tools/cluster/dist/test-main.js',
    flags: [],
  },
  'pack:shop': {
    about: 'packs the whole shop into one file that npx runs',
    main: 'tools/release/dist/pack-main.js',
    flags: [],
  },
  'test:ninth': {
    about: 'follows docs/adding-a-service.md in a copy of the workspace',
    allPackages: true,
    main: 'e2e/dist/ninth.js',
    flags: [],
  },
  pictures: {
    about: "takes the README's pictures",
    allPackages: true,
    main: 'e2e/dist/pictures.js',
    flags: [],
  },
};

function distributed(name, about) {
  return {
    about,
    main: 'deploy/distributed/dist/main.js',
    flags: ['--max-semi-space-size=1'],
    args: [name],
  };
}

/** Of either way; they act on what runs, too. */
function backup(name, about) {
  return {
    about,
    main: 'tools/backup/dist/main.js',
    flags: [],
    args: [name],
    asBuilt: true,
  };
}

export async function main([name = '', ...args]) {
  if (name === '--help' || name === '-h') return console.log(overview());
  if (!Object.hasOwn(COMMANDS, name)) wrongCommand(name);
  const { main, about, asBuilt, tools, allPackages } = COMMANDS[name];
  const asksForHelp = args.includes('--help') || args.includes('-h');
  if (tools) return runTools(name, asksForHelp, args);
  const isThere = existsSync(NODE) && existsSync(join(ROOT, main));
  if (asksForHelp && !isThere) {
    return console.log(
      `${name}: ${about}\n\nIts options are listed once it is built: npm run build`,
    );
  }
  if (!(isThere && (asBuilt || asksForHelp))) {
    await install(allPackages);
    await build();
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
  await install(true);
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
