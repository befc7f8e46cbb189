#!/usr/bin/env node
// The program of the package for npx (tools/release packs it). Any Node from 20 runs this file; the shop needs a newer one, which npm
// brings where there is none.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The first with all that the shop uses: libs/node-version. */
const OLDEST = [24, 7];

const here = fileURLToPath(new URL('.', import.meta.url));
const words = process.argv.slice(2);
const read = (name) => JSON.parse(readFileSync(join(here, name), 'utf8'));

/** This Node, or one from npm's cache or registry. */
function nodeProgram() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return process.execPath;
  const version = read('package.json').config.node;
  // The package of this kind of machine, as the package `node` chooses it: that one needs an install script, which npm may refuse.
  const { platform, arch } = process;
  const prefix = platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node';
  const name = [prefix, platform === 'win32' ? 'win' : platform, arch].join('-');
  const question = ['exec', '--yes', '--prefer-offline', `--package=${name}@${version}`, '--'];
  const npm = process.env.npm_execpath?.replace(/npx-cli\.js$/, 'npm-cli.js'); // npx is npm by another name
  const [program, ...before] = npm ? [process.execPath, npm] : ['npm'];
  console.log(`The shop needs Node ${OLDEST.join('.')} or newer: npm brings ${version}.`);
  const answer = execFileSync(program, [...before, ...question, 'node', '-p', 'process.execPath'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: program === 'npm' && platform === 'win32',
  });
  return answer.trim().split('\n').pop();
}

/** Of the profile that is asked for; the shop itself refuses an unknown one. */
function flags() {
  const at = words.findLastIndex((word) => word === '--profile' || word.startsWith('--profile='));
  const given = at === -1 ? process.env.SHOP_PROFILE : words[at].split('=')[1] || words[at + 1];
  const profiles = read('node-flags.json');
  return (Object.hasOwn(profiles, given || '') ? profiles[given] : profiles.fast).embedded;
}

process.umask(0o077); // what the shop writes is for its owner alone
const state = join(process.cwd(), '.sockshop');
const env = {
  ...process.env,
  SHOP_DATA: process.env.SHOP_DATA || join(state, 'embedded'),
  MALLOC_ARENA_MAX: '2',
};
const program = nodeProgram();
const parameters = [
  ...flags(),
  join(here, 'shop/node_modules/@sockshop/shop/dist/main.js'),
  ...words,
];
if (typeof process.execve === 'function') {
  process.removeAllListeners('warning'); // it is an experiment of Node
  process.execve(program, [program, ...parameters], env);
}
const child = spawn(program, parameters, { stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
