import { describe, expect, it } from '@jest/globals';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import YAML from 'yaml';
import { SERVICE_NAMES, SERVICES } from '../src/index.ts';

const ROOT = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const names = [...SERVICE_NAMES].sort();
/** The original's host names. */
const databases = SERVICES.filter(({ database }) => database)
  .map(({ name }) => `${name}-db`)
  .sort();
const onBroker = SERVICES.filter(({ broker }) => broker)
  .map(({ name }) => name)
  .sort();
const limits = Object.fromEntries(SERVICES.map(({ name, memoryMiB }) => [name, memoryMiB]));

describe('the folders of services', () => {
  it('are those of the list, each a package with its name', () => {
    expect(readdirSync(join(ROOT, 'services')).sort()).toEqual(names);
    for (const name of names)
      expect(JSON.parse(read(`services/${name}/package.json`))).toMatchObject({
        name: `@sockshop/${name}`,
      });
  });

  it('are type-checked: tsconfig.json references each and its tests', () => {
    const { references } = JSON.parse(read('tsconfig.json')) as { references: { path: string }[] };
    const checked = references.map(({ path }) => path);
    const projects = globSync('services/{*,*/test}/tsconfig.json', { cwd: ROOT });
    const folders = projects.map((path) => path.replace('/tsconfig.json', ''));
    expect(folders).toEqual(expect.arrayContaining(names.map((name) => `services/${name}`)));
    expect(checked).toEqual(expect.arrayContaining(folders));
  });

  it.each(SERVICES)('config.ts of $name reads the URLs of its upstreams', ({ name, upstreams }) => {
    const code = globSync(`services/${name}/src/{config,main}.ts`, { cwd: ROOT })
      .map(read)
      .join('\n');
    const called = SERVICE_NAMES.filter((other) =>
      new RegExp(`\\b${other.toUpperCase().replace('-', '_')}_URL\\b`).test(code),
    );
    expect(called.sort()).toEqual([...upstreams].sort());
  });
});

describe('compose.yaml', () => {
  interface Container {
    build?: { args?: { FOLDER: string } };
    environment?: Record<string, unknown>;
    mem_limit: string;
  }
  // These tests check the shape.
  const { services } = YAML.parse(read('deploy/compose/compose.yaml'), { merge: true }) as {
    services: Record<string, Container>;
  };
  const containers = Object.entries(services).filter(([, { build }]) =>
    build?.args?.FOLDER.startsWith('services/'),
  );

  it('has the services of the list, within their memory, and together below 1,536 MiB', () => {
    const found = containers.map(([name, { mem_limit }]) => ({
      name,
      MiB: Number.parseInt(mem_limit),
    }));
    expect(found.map(({ name }) => name).sort()).toEqual(names);
    expect(found.filter(({ name, MiB }) => !(MiB <= limits[name]!))).toEqual([]);
    expect(found.reduce((sum, { MiB }) => sum + MiB, 0)).toBeLessThan(1536);
  });

  it('has a database for each service that needs one', () => {
    expect(keysEnding(services, '-db')).toEqual(databases);
  });

  it("gives the broker's URL to the services that use it", () => {
    const given = containers.filter(([, { environment }]) => environment?.['RABBITMQ_URL']);
    expect(given.map(([name]) => name).sort()).toEqual(onBroker);
  });
});

describe('the Kubernetes base', () => {
  interface Workload {
    kind: string;
    metadata: { name: string; labels?: Record<string, string> };
    spec: {
      template: {
        spec: {
          containers: { env?: { name: string }[]; resources: { limits: { memory: string } } }[];
        };
      };
    };
  }
  const folder = 'deploy/kubernetes/base';
  const { resources } = YAML.parse(read(`${folder}/kustomization.yaml`)) as { resources: string[] };
  const objects = resources.flatMap((file) =>
    YAML.parseAllDocuments(read(`${folder}/${file}`)).map((each) => each.toJSON() as Workload),
  );
  const deployments = objects.filter(
    ({ kind, metadata }) =>
      kind === 'Deployment' && metadata.labels?.['app.kubernetes.io/component'] === 'service',
  );
  const container = ({ spec }: Workload) => spec.template.spec.containers[0]!;

  it('has the services of the list, with their memory, each behind a Service of its name', () => {
    const found = deployments.map((each) => [
      each.metadata.name,
      Number.parseInt(container(each).resources.limits.memory),
    ]);
    expect(Object.fromEntries(found)).toEqual(limits);
    const doors = objects.filter(({ kind }) => kind === 'Service');
    expect(doors.map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(names));
  });

  it('has a database for each service that needs one', () => {
    const sets = objects.filter(({ kind }) => kind === 'StatefulSet');
    const all = Object.fromEntries(sets.map((each) => [each.metadata.name, each]));
    expect(keysEnding(all, '-db')).toEqual(databases);
  });

  it("gives the broker's URL to the services that use it", () => {
    const given = deployments.filter((each) =>
      container(each).env?.some(({ name }) => name === 'RABBITMQ_URL'),
    );
    expect(given.map(({ metadata }) => metadata.name).sort()).toEqual(onBroker);
  });
});

describe('the prose', () => {
  it("README's table has every service with its port", () => {
    const rows = read('README.md').matchAll(/^\| \[([\w-]+)\]\(services\/\1\) *\| (\d+) /gm);
    const ports = [...rows].map(([, name, port]) => [name, Number(port)]);
    expect(ports).toEqual(SERVICES.map(({ name, port }) => [name, port]));
  });

  const commands = ['README.md', ...globSync('{docs,services/*,deploy/*}/*.md', { cwd: ROOT })]
    .flatMap((path) =>
      read(path)
        .split('\n')
        .map((line) => [path, line] as const),
    )
    .flatMap(([path, line]) => portsIn(path, line));

  it('starts every service alone on its own port', () => {
    const alone = commands.filter(({ variable }) => variable === 'PORT');
    expect(new Set(alone.map(({ service }) => service))).toEqual(new Set(written()));
  });

  it.each(commands)('$path: $variable of $service is $port', ({ service, port }) => {
    expect(port).toBe(SERVICES.find(({ name }) => name === service)?.port);
  });
});

function keysEnding(record: object, end: string): string[] {
  return Object.keys(record)
    .filter((name) => name.endsWith(end))
    .sort();
}

/** The services with a README, which explains how to start them alone. */
function written(): string[] {
  return globSync('services/*/README.md', { cwd: ROOT }).map((path) => path.split('/')[1] ?? '');
}

/** `PORT=8082 …` in a service's README, `CARTS_URL=http://127.0.0.1:8082` anywhere. */
function portsIn(path: string, line: string) {
  const found: { path: string; variable: string; service: string; port: number }[] = [];
  const [, folder] = /^services\/([^/]+)\//.exec(path) ?? [];
  const own = /(?<![\w-])PORT=(\d+)/.exec(line);
  if (folder !== undefined && own)
    found.push({ path, variable: 'PORT', service: folder, port: Number(own[1]) });
  for (const name of SERVICE_NAMES) {
    const variable = `${name.toUpperCase().replace('-', '_')}_URL`;
    const url = new RegExp(`\\b${variable}=http://[\\w.]+:(\\d+)`).exec(line);
    if (url) found.push({ path, variable, service: name, port: Number(url[1]) });
  }
  return found;
}
