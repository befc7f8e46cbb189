import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SERVICE_NAMES, SERVICES } from '@sockshop/parts';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedShop } from './embedded-shop.ts';

import { Shopper } from './shopper.ts';
import { ROOT, WorkspaceProcess } from './workspace-process.ts';

jest.setTimeout(120_000);

const DOCUMENTS = globSync('**/*.md', {
  cwd: ROOT,
  exclude: (name) => /(^|\/)(node_modules|dist|\..+)$/.test(name),
}).sort();
const PROGRAMS = /^(?:\w+=\S* )*(?:npm|npx|node|curl|docker|kubectl|kind|go|openssl) \S/;

interface Command {
  readonly document: string;
  readonly command: string;
}

/** Each command of a document: the lines of its `sh` blocks, and what is marked as code in its text. */
function commandsOf(document: string): Command[] {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const blocks = [...text.matchAll(FENCED)].filter(([, language]) => language === 'sh');
  const lines = blocks.flatMap(([, , body = '']) =>
    body
      .replaceAll(/\s+#.*$/gm, '')
      .replaceAll(/ *\\\n */g, ' ')
      .replaceAll(/^(for .*; do)\n\s*(.*)\n(done)$/gm, '$1 $2; $3')
      .split('\n')
      .filter(Boolean),
  );
  const marked = [...text.replaceAll(FENCED, '').matchAll(/`([^`\n]+)`/g)].map(
    ([, code = '']) => code,
  );
  return [...lines, ...marked.filter((code) => PROGRAMS.test(code))].map((command) => ({
    document,
    command,
  }));
}

const FENCED = /^```(\w*)[^\n]*\n(.*?)^```$/gms;

let shop: EmbeddedShop;
let folder: string;
beforeAll(async () => {
  shop = await EmbeddedShop.start();
  folder = mkdtempSync(join(tmpdir(), 'sock-shop-documents-'));
});
afterAll(async () => {
  await shop.stop();
  rmSync(folder, { recursive: true });
});

type Check = (found: readonly string[], document: string) => Promise<void> | void;

/** How each command is checked. Every command matches one row, and every row has a command. */
const CHECKS: readonly (readonly [command: RegExp, check: Check])[] = [
  [/^(?:[A-Z_]+=(?:"[^"]*"|\S+) )*npm (?:run )?(?!install$)([\w:-]+)(?: -- (.+))?$/, hasOptions],
  [/^node deploy\/run\.mjs ([\w:]+)$/, hasOptions],
  [/^npx nx (build|test) @sockshop\/([\w-]+)$/, hasScript],
  [/^((?:\w+=\S+ )*)node (services\/[\w-]+\/dist\/main\.js)$/, starts],
  [/^curl -s (.*localhost:(?:9411|8080)\/.+)$/, isAnswered],
  [
    /^curl -s --unix-socket \S+control\.sock localhost\/mesh(?:\/([\w-]+) .+)?$/,
    ([command = '', name = 'status'], document) => hasOptions([command, 'mesh', name], document),
  ],
  [/^docker compose( -f \S+( --(?:env-file|profile) \S+)? (up|down|build)\b.*)?$/, namesCompose],
  [/^docker compose -f (\S+) exec edge-router mesh (.+)$/, hasMesh],
  [/^docker run --rm -p \d+:80 sock-shop\/([\w-]+):1\.0\.0 (-decline)=200$/, takesFlag],
  [/^docker run --rm -p 80\d\d:80(?:80)?(?: -v \w+:\/data)? sock-shop\/(shop):([\d.]+)/, isBaked],
  [/^docker buildx bake(?: ([\w-]+))?$/, isBaked],
  [
    /^npx \.\/sock-shop-([\d.]+)\.tgz/,
    ([, version]) => {
      expect(
        (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string })
          .version,
      ).toBe(version);
    },
  ],
  [
    /^(?:kubectl apply -k (\S+))$/,
    ([, path = '']) => {
      exists(path, 'kustomization.yaml');
    },
  ],
  [
    /^(?:kubectl (?:apply|delete) -f|kind create cluster --config) (\S+)$/,
    ([, path = '']) => {
      exists(path);
    },
  ],
  [
    /^helm install \w+ (\S+) --namespace sock-shop --create-namespace$/,
    ([, path = '']) => {
      exists(path, 'Chart.yaml');
    },
  ],
  [
    /^kubectl -n sock-shop (?:port-forward|rollout (?:status|restart)|scale deployment|create secret generic) .+$/,
    namesDeployed,
  ],
  [
    /^(for folder in .+; do) kind load docker-image (sock-shop\/\$\(.+\):1\.0\.0); done$/,
    loadsImages,
  ],
  // docs/adding-a-service.md: `npm run test:ninth` runs all of it.
  [/^curl -s localhost:8088\/\S+/, () => undefined],
  [/^npm install$/, () => undefined],
  [
    /^go (?:build|test) .+$/,
    (_, document) => {
      exists(dirname(document), 'go.mod');
    },
  ],
  [
    /^mongo-stand-in .+$/,
    (_, document) => {
      exists(dirname(document), 'main.go');
    },
  ],
  [
    /^\/tmp\/compose -f (\S+) --profile (\S+) config$/,
    ([, file = ''], document) => {
      exists(dirname(document), file);
    },
  ],
  [
    /^otelcol-contrib --config (\S+) --config (\S+)$/,
    ([, ...files], document) => {
      for (const file of files) exists(dirname(document), file);
    },
  ],
  [
    /^(?:eval "\$\()?(tools\/containers\/(?:engine|images)\.sh) [\w.:/ -]+(?:\)")?$/,
    ([, script = '']) => {
      exists('.', script);
    },
  ],
  [/^openssl rand -hex 32$/, () => undefined],
  // Programs that the reader installs; the scripts are there.
  [/^pip install locust$/, () => undefined],
  [
    /^(?:locust -f|k6 run .+ )\s?(\w+\.(?:py|js))(?: --.+)?$/,
    ([, script = ''], document) => {
      exists(dirname(document), script);
    },
  ],
];

/** Real for what the shop's own suites run; here, that its program takes these words and options: it reads them before it helps. */
async function hasOptions(
  [command = '', script = '', words]: readonly string[],
  document: string,
): Promise<void> {
  const { scripts } = packageOf(
    document.startsWith('services/catalogue') && script === 'pictures' ? 'services/catalogue' : '.',
  );
  expect(Object.keys(scripts)).toContain(script);
  if (!scripts[script]?.includes('run.mjs')) return;
  const args = words?.split(' ').filter((word) => word !== '--help') ?? [];
  const asked = [script, ...args].join(' ');
  let help = helped.get(asked);
  if (help === undefined)
    helped.set(asked, (help = run('node', ['deploy/run.mjs', script, ...args, '--help'], command)));
  await help;
}

/** What a command printed, by its words: the documents name many commands more than once. */
const helped = new Map<string, Promise<string>>();

function hasScript([, script = '', name = '']: readonly string[]): void {
  const folders = globSync(`{libs,services,deploy,tools}/${name}`, { cwd: ROOT });
  expect(folders).toHaveLength(1);
  expect(Object.keys(packageOf(folders[0]!).scripts)).toContain(script);
}

/** As documented, but on a free port and with its data in a folder of the test. */
async function starts([, variables = '', script = '']: readonly string[]): Promise<void> {
  const pairs = variables
    .trim()
    .split(' ')
    .map((pair) => pair.split(/=(.*)/s));
  const env = Object.fromEntries(pairs.map(([name = '', value = '']) => [name, value]));
  const process = new WorkspaceProcess(script, [], {
    ...env,
    PORT: '0',
    ...(env['DATABASE_URL'] && { DATABASE_URL: `sqlite:${join(folder, 'alone.db')}` }),
  });
  await process.said(/"message":"listening"/);
  await process.stop('SIGKILL');
  rmSync(join(folder, 'alone.db'), { force: true });
}

async function isAnswered([, words = '']: readonly string[]): Promise<void> {
  const { traceId } = await new Shopper(shop.url).get('/catalogue');
  const command = `curl -sf ${words}`
    .replace('localhost:9411', new URL(shop.tracesUrl).host)
    .replace('localhost:8080', new URL(shop.url).host)
    .replace('<id>', traceId);
  const stdout = await run('sh', ['-c', `until ${command}; do sleep 0.1; done`], command); // spans arrive a moment later
  expect(JSON.parse(stdout)).toBeInstanceOf(Array);
}

function namesCompose([command = '']: readonly string[]): void {
  const [, file = 'deploy/compose/compose.yaml'] = /-f (\S+)/.exec(command) ?? [];
  exists(file);
  const [, settings] = /--env-file (\S+)/.exec(command) ?? [];
  if (settings !== undefined) exists(settings);
  const [, profile] = /--profile (\S+)/.exec(command) ?? [];
  if (profile !== undefined)
    expect(readFileSync(join(ROOT, file), 'utf8')).toContain(`profiles: [${profile}]`);
}

/** The file mounts the command, which takes these words: without a router it then ends with 1, and with a wrong line with 2. */
function hasMesh([, file = '', words = '']: readonly string[]): void {
  const folder = join(ROOT, dirname(file));
  expect(readFileSync(join(ROOT, file), 'utf8')).toContain('./mesh.sh:/usr/local/bin/mesh:ro');
  const env = { ...process.env, ADMIN_PORT: '1' }; // nothing listens there
  const { status } = spawnSync('bash', [join(folder, 'mesh.sh'), ...words.split(' ')], { env });
  expect(status).toBe(1);
}

async function loadsImages([
  command = '',
  loop = '',
  image = '',
]: readonly string[]): Promise<void> {
  const images = await run('sh', ['-c', `${loop} echo ${image}; done`], command);
  const expected = SERVICE_NAMES.map((name) => `sock-shop/${name}:1.0.0`);
  expect(images.trim().split('\n').sort()).toEqual(expected.sort());
}

function isBaked([, target = 'default', version = '1.0.0']: readonly string[]): void {
  const bake = readFileSync(join(ROOT, 'docker-bake.hcl'), 'utf8');
  expect(bake).toMatch(new RegExp(`^(?:target|group) "${target}"`, 'm'));
  expect(bake).toContain(`default = "${version}"`);
}

function takesFlag([, service = '', flag = '']: readonly string[]): void {
  const config = readFileSync(join(ROOT, 'services', service, 'src/config.ts'), 'utf8');
  expect(config).toContain(`flags: { ${flag.slice(1)}: `);
}

function namesDeployed([command = '']: readonly string[]): void {
  const base = 'deploy/kubernetes/base';
  const [, name] = /(?:service\/|deployment )([\w-]+)(?: |$)/.exec(command) ?? [];
  const [, secret] = /secret generic (\S+)/.exec(command) ?? [];
  if (name !== undefined) exists(base, `${name}.yaml`);
  if (secret !== undefined) {
    const file = 'deploy/kubernetes/overlays/production/passwords.yaml';
    expect(readFileSync(join(ROOT, file), 'utf8')).toContain(`name: ${secret},`);
  }
}

function exists(...path: string[]): void {
  expect([path, existsSync(join(ROOT, ...path))]).toEqual([path, true]);
}

function packageOf(folder: string): { scripts: Record<string, string> } {
  const text = readFileSync(join(ROOT, folder, 'package.json'), 'utf8');
  return JSON.parse(text) as { scripts: Record<string, string> };
}

async function run(program: string, args: readonly string[], command: string): Promise<string> {
  try {
    return (
      await promisify(execFile)(program, args, {
        cwd: ROOT,
        env: { ...process.env, NODE_OPTIONS: '' },
      })
    ).stdout;
  } catch (error) {
    throw new Error(`${command} failed`, { cause: error });
  }
}

const checked = new Set<RegExp>();

describe('a command in the documentation works', () => {
  it.each(DOCUMENTS.flatMap(commandsOf))('$document: $command', async ({ document, command }) => {
    const rows = CHECKS.filter(([pattern]) => pattern.test(command));
    expect(rows).toHaveLength(1);
    const [pattern, check] = rows[0]!;
    checked.add(pattern);
    await check(pattern.exec(command)!, document);
  });

  it('and no check is left without one', () => {
    expect(CHECKS.map(([pattern]) => pattern).filter((pattern) => !checked.has(pattern))).toEqual(
      [],
    );
  });
});

describe('the documentation', () => {
  it.each(DOCUMENTS)('%s says of what language each block is', (document) => {
    const text = readFileSync(join(ROOT, document), 'utf8');
    expect(
      [...text.matchAll(FENCED)].filter(([, language]) => language === '').map(String),
    ).toEqual([]);
  });

  it.each(DOCUMENTS)('%s links to what exists', (document) => {
    const text = readFileSync(join(ROOT, document), 'utf8').replaceAll(FENCED, '');
    const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    const missing = links.filter(
      (link) => !/^\w+:/.test(link) && !existsSync(join(ROOT, dirname(document), link)),
    );
    expect(missing).toEqual([]);
  });

  it('shows every service in the picture of the architecture, in its colours', () => {
    const picture = readFileSync(join(ROOT, 'docs/pictures/architecture.svg'), 'utf8');
    const [light, dark] = picture.split('prefers-color-scheme: dark');
    for (const { name, colour } of SERVICES) {
      expect(picture).toContain(`>${name}</text>`);
      expect(light).toContain(`.${name} { stroke: ${colour.light}; }`);
      expect(dark).toContain(`.${name} { stroke: ${colour.dark}; }`);
    }
  });

  it('has pictures that load fast', () => {
    const pictures = globSync('docs/pictures/*', { cwd: ROOT });
    const sizes = pictures.map((path) => readFileSync(join(ROOT, path)).length);
    expect(pictures.length).toBeGreaterThanOrEqual(4);
    expect(Math.max(...sizes)).toBeLessThan(200_000); // bytes
  });
});
