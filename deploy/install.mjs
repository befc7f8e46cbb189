import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fail, NODE, ROOT, run, STATE, step } from './steps.mjs';

const STAMP = join(ROOT, 'node_modules', '.installed');
/** npm's own list of what it has installed. */
const INSTALLED = join(ROOT, 'node_modules', '.package-lock.json');
/** Where the workspace's Node is put together, while npm writes node_modules. */
const NODE_PARTS = join(STATE, 'node');

const OPTIONS = [
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
  '--ignore-scripts', // only Node's own package needs one: installNode runs it
  // npm's own pauses before it asks again are 10 and 60 seconds: too long to learn that there is no network.
  '--fetch-retries=3',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=10000',
];

/**
 * Installs the packages of the workspaces, which the shop runs and is built with. `all` also installs the root's: tools of tests and linters,
 * and two thirds of the packages.
 */
export async function install(all) {
  const text = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(text).digest('hex');
  const stamp = existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : '';
  if (existsSync(NODE) && (stamp === `${hash} all` || (!all && stamp === `${hash} run`))) return;
  const { packages } = JSON.parse(text);
  const wanted = packagesHere(packages, all);
  const manifests = wanted.map((path) => join(ROOT, path, 'package.json'));
  const has = all ? 'all' : 'run';
  if (existsSync(NODE) && manifests.every(existsSync) && isInstalled(packages, wanted)) {
    writeFileSync(STAMP, `${hash} ${has}`); // by hand, with npm ci
    return;
  }
  if (!existsSync(NODE)) {
    console.log(
      'The first start installs packages and builds them: up to a minute. Later ones take seconds.',
    );
  }
  const progress = () => {
    const there = manifests.filter(existsSync).length;
    return there === 0 ? 'npm begins' : `${there} of ${manifests.length} packages`;
  };
  // Where the rest is added, what runs from here keeps its files: `npm ci` would begin by deleting all.
  const adds = existsSync(NODE) && stamp === `${hash} run`;
  const npm = [
    ...(adds ? ['install', '--no-save'] : ['ci']),
    ...OPTIONS,
    ...(all ? [] : ['--workspaces']),
  ];
  const { code, printed } = await step('install', 'installed', progress, async () => {
    // Asked once before, an unreachable registry is known at once: npm ci tries for each of its packages.
    const ping = await run('npm', ['ping', '--loglevel=error', '--fetch-retries=0']);
    if (ping.code !== 0 && offline(ping.printed)) return ping;
    const [node, rest] = await Promise.all([
      adds ? undefined : installNode(packages['node_modules/node']?.version),
      preferCache(npm),
    ]);
    return rest.code === 0 && node ? placeNode(node) : rest;
  });
  if (code !== 0) fail(offline(printed) ?? `npm ${npm.join(' ')} failed:\n${printed}`);
  writeFileSync(STAMP, `${hash} ${has}`);
}

/** npm asks the registry about each package that its cache has, unless told not to. What it knows may be older than a version asked for. */
async function preferCache(npm) {
  const result = await run('npm', [...npm, '--prefer-offline']);
  return result.code !== 0 && /ETARGET|E404/.test(result.printed) ? run('npm', npm) : result;
}

/** Node's package gets its program by a second npm, which takes as long as a third of the other packages: it runs beside them. */
async function installNode(version) {
  if (version === undefined) return undefined;
  rmSync(NODE_PARTS, { recursive: true, force: true });
  mkdirSync(NODE_PARTS, { recursive: true, mode: 0o700 });
  const manifest = { private: true, dependencies: { node: version }, allowScripts: { node: true } };
  writeFileSync(join(NODE_PARTS, 'package.json'), JSON.stringify(manifest));
  const options = OPTIONS.filter((option) => option !== '--ignore-scripts');
  return preferCache(['install', '--prefix', NODE_PARTS, '--no-package-lock', ...options]);
}

/** Puts Node where npm would have put it. */
function placeNode(result) {
  const made = join(NODE_PARTS, 'node_modules', 'node');
  if (result.code !== 0) return result;
  const place = join(ROOT, 'node_modules', 'node');
  rmSync(place, { recursive: true, force: true });
  renameSync(made, place);
  rmSync(NODE_PARTS, { recursive: true });
  const link = join(ROOT, 'node_modules', '.bin', 'node');
  if (process.platform !== 'win32' && !existsSync(link)) symlinkSync('../node/bin/node', link);
  return { ...result, code: existsSync(NODE) ? 0 : 1 };
}

/** Whether npm's list of what it has installed has all `wanted`, in the versions of the lock file, and each workspace has its link. */
function isInstalled(packages, wanted) {
  if (!existsSync(INSTALLED)) return false;
  const installed = JSON.parse(readFileSync(INSTALLED, 'utf8')).packages;
  const links = Object.keys(packages).filter((path) => packages[path].link);
  return (
    wanted.every((path) => installed[path]?.version === packages[path].version) &&
    links.every((path) => existsSync(join(ROOT, path)))
  );
}

/** The folders of the packages that npm installs on this kind of machine: what the workspaces need, or `all`. */
function packagesHere(packages, all) {
  const takes = (list, own) =>
    !list || list.includes(own) || (list[0].startsWith('!') && !list.includes(`!${own}`));
  const fits = ({ os, cpu, libc }) =>
    takes(os, process.platform) && takes(cpu, process.arch) && takes(libc, 'glibc'); // few machines have another one
  const folders = Object.keys(packages).filter((path) => !path.includes('node_modules/'));
  const reached = new Set(folders.filter((path) => all || path !== ''));
  for (const path of reached) {
    const { dependencies, optionalDependencies, devDependencies, peerDependencies } =
      packages[path];
    const { peerDependenciesMeta: peers = {} } = packages[path];
    const needed = { ...dependencies, ...optionalDependencies, ...devDependencies };
    const required = Object.keys(peerDependencies ?? {}).filter((name) => !peers[name]?.optional);
    for (const name of [...Object.keys(needed), ...required]) {
      const found = nearest(packages, path, name);
      if (found !== undefined && fits(packages[found]))
        reached.add(packages[found].link ? packages[found].resolved : found);
    }
  }
  return [...reached].filter((path) => path.includes('node_modules/'));
}

/** Where Node finds a package that is imported in `from`. */
function nearest(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const path = `${folder}${folder && '/'}node_modules/${name}`;
    if (packages[path]) return path;
    if (folder === '') return undefined;
  }
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
