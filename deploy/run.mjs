// npm's scripts start here. Old versions of Node must be able to read this file, to be told which one is needed: keep its syntax old.
import { fileURLToPath } from 'url';

<<<<<<< HEAD
const OLDEST = 20;
=======
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const BIN = join(ROOT, 'node_modules', '.bin');
const NODE = join(ROOT, 'node_modules', 'node', 'bin', 'node');
const STATE = join(ROOT, '.sockshop');

/**
 * What each command runs once everything is built. A small young generation (MiB), collecting before the heap has grown far, and
 * smaller code keep all services in one process, npm beside it included, below 200 MiB also under load.
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
  'test:ninth': { project: undefined, main: 'e2e/dist/ninth.js', flags: [] },
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
>>>>>>> a74338f (refactor(parts): chaos, backup and e2e read the list; a test compares Compose, Kubernetes and the prose with it)

// Tools that read scripts (knip) import this file: it must do nothing then.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (Number(process.versions.node.split('.')[0]) < OLDEST) {
    console.error(
      'Sock Shop needs Node ' +
        OLDEST +
        ' or newer, and this is Node ' +
        process.versions.node +
        '. Get one from nodejs.org.',
    );
    process.exit(1);
  }
  import('./commands.mjs').then(function (commands) {
    return commands.main(process.argv.slice(2));
  });
}
