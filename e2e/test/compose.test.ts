import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import YAML from 'yaml';
import { composeParser } from './compose-parser.ts';
import { CONTAINERS, DATA_STORES, PINNED, read, root, unknownVariables } from './manifests.ts';

interface ComposeService {
  image: string;
  hostname: string;
  restart: string;
  tmpfs?: string[];
  secrets?: string[];
  build?: { context: string; dockerfile: string; secrets: string[]; args: { FOLDER: string } };
  environment?: Record<string, string | number | null>;
  mem_limit: string;
  ports?: string[];
  profiles?: string[];
  volumes?: string[];
  read_only: boolean;
  cap_drop: string[];
  cap_add?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; start_period?: string; disable?: boolean };
  privileged?: boolean;
}

const file = 'deploy/compose/compose.yaml';
// These tests check the shape.
const compose = YAML.parse(read(file), { merge: true }) as {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
  secrets: Record<string, { file?: string }>;
};
const service = (name: string): ComposeService => compose.services[name]!;
const everything = Object.entries(compose.services);

/** The value of a variable that nothing sets. */
const usual = (value: unknown): string =>
  String(value).replaceAll(/\$\{\w+:-([^}]*)\}/g, (_, text: string) => text);

/** What each profile starts besides the shop. */
const PROFILES: Readonly<Record<string, readonly string[]>> = {
  canary: ['front-end-v2', 'orders-v2'],
  load: ['load'],
  observability: ['prometheus', 'grafana'],
  'zipkin-mysql': ['zipkin-mysql'],
  logs: ['victoria-logs'],
  collector: ['collector', 'jaeger'],
};
const OPTIONAL = Object.values(PROFILES).flat();
/** With the router, what a limit of memory is promised for. */
const TIER = [
  'edge-router',
  ...['front-end', 'catalogue', 'carts', 'orders', 'payment', 'user', 'shipping', 'queue-master'],
];

describe('compose.yaml', () => {
  it('has the services and data stores under the original host names', () => {
    const services = CONTAINERS.map(({ name }) => name);
    const names = ['edge-router', ...services, ...DATA_STORES, 'zipkin', ...OPTIONAL];
    expect(Object.keys(compose.services).sort()).toEqual(names.sort());
    for (const [name, { hostname, restart }] of everything)
      expect([name, hostname, restart]).toEqual([name, name, 'always']);
  });

  it.each(CONTAINERS)('lets $name listen on $port', ({ name, port }) => {
    expect(usual(service(name).environment?.['PORT'])).toBe(String(port));
  });

  it('has variables for the ports that the platform sets otherwise', () => {
    const port = (name: string) => service(name).environment?.['PORT'];
    expect(['front-end', 'orders', 'shipping'].map(port)).toEqual([
      '${FRONT_END_PORT:-8079}',
      '${ORDERS_PORT:-80}',
      '${SHIPPING_PORT:-80}',
    ]);
    const router = service('edge-router').environment;
    for (const variable of ['FRONT_END_PORT', 'ORDERS_PORT', 'SHIPPING_PORT'])
      expect(router?.[variable]).toMatch(`\${${variable}:-`);
    expect(service('front-end').environment?.['ORDERS_URL']).toBe(
      'http://orders:${ORDERS_PORT:-80}',
    );
    expect(service('orders').environment?.['SHIPPING_URL']).toBe(
      'http://shipping:${SHIPPING_PORT:-80}',
    );
  });

  it('limits the application tier to less than 1,536 MiB, and each service to what the original has', () => {
    const limit = (name: string) => parseInt(service(name).mem_limit);
    const sum = TIER.reduce((total, name) => total + limit(name), 0);
    expect(sum).toBeLessThan(1536);
    for (const { name, memoryMiB } of CONTAINERS)
      expect(limit(name)).toBeLessThanOrEqual(memoryMiB);
  });

  it.each(CONTAINERS)('sets only variables that $name reads', ({ name }) => {
    expect(unknownVariables(name, Object.keys(service(name).environment ?? {}))).toEqual([]);
  });

  it.each(CONTAINERS)('builds $name from its own folder', ({ name }) => {
    expect(service(name).build).toEqual({
      context: '../..',
      dockerfile: 'deploy/Dockerfile',
      secrets: ['npmrc', 'ca'],
      args: { FOLDER: `services/${name}` },
    });
    expect(existsSync(join(root, 'services', name, 'package.json'))).toBe(true);
  });

  it('publishes the shop and Zipkin to all, and the pages of tools to this machine', () => {
    const open = everything.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
    const here = '${ADMIN_HOST:-127.0.0.1}:';
    expect(open.sort()).toEqual(
      [
        ['edge-router', '${SHOP_PORT:-8080}:80'],
        ['edge-router', `${here}\${ROUTER_PORT:-8081}:8080`],
        ['zipkin', '${ZIPKIN_PORT:-9411}:9411'],
        ['prometheus', `${here}\${PROMETHEUS_PORT:-9090}:9090`],
        ['grafana', `${here}\${GRAFANA_PORT:-3000}:3000`],
        ['victoria-logs', `${here}\${LOGS_PORT:-9428}:9428`],
        ['jaeger', `${here}\${JAEGER_PORT:-16686}:16686`],
      ].sort(),
    );
  });

  it.each(['front-end', 'orders'])('has a second version of %s, which spans name', (name) => {
    const { image, environment, secrets, mem_limit } = service(name);
    const second = service(`${name}-v2`);
    expect({ ...second, image: usual(second.image) }).toMatchObject({ image, mem_limit });
    expect(second.secrets).toEqual(secrets);
    const { OTEL_RESOURCE_ATTRIBUTES: said, ...others } = second.environment ?? {};
    expect({ ...environment, ...others }).toEqual(environment);
    expect(usual(said)).toBe('deployment.environment.name=compose,service.version=v2');
  });

  it('limits the memory of every container', () => {
    for (const [name, { mem_limit }] of everything)
      expect([name, mem_limit]).toEqual([name, expect.stringMatching(/^\d+m$/)]);
  });

  it('pins every image', () => {
    for (const [, { image }] of everything) expect(usual(image)).toMatch(PINNED);
  });

  it('gives no container a capability or a writable root file system', () => {
    for (const [name, { read_only, cap_drop, cap_add, privileged }] of everything) {
      expect({ name, read_only, cap_drop, cap_add, privileged }).toEqual({
        name,
        read_only: true,
        cap_drop: ['ALL'],
      });
    }
  });

  it('keeps the data of every data store in a volume', () => {
    const kept = DATA_STORES.map((name) => service(name).volumes?.[0]?.split(':')[0]);
    expect(kept).toEqual(DATA_STORES);
    const optional = ['zipkin-mysql', 'prometheus', 'grafana', 'victoria-logs'];
    expect(Object.keys(compose.volumes).sort()).toEqual([...DATA_STORES, ...optional].sort());
  });

  it('mounts only files that are there', () => {
    const mounted = everything.flatMap(([, { volumes = [] }]) =>
      volumes
        .filter((volume) => volume.startsWith('.'))
        .map((volume) => volume.split(':')[0] ?? ''),
    );
    const secrets = Object.values(compose.secrets).flatMap(({ file }) =>
      file === undefined ? [] : [usual(file)],
    );
    for (const path of [...mounted, ...secrets])
      expect([path, existsSync(join(root, 'deploy/compose', path))]).toEqual([path, true]);
  });

  it('gives passwords as files, each to those that need it only', () => {
    const readers = everything.flatMap(([name, { secrets = [] }]) =>
      secrets.map((each) => [each, name]),
    );
    expect(readers.sort()).toEqual(
      [
        ['session-key', 'front-end'],
        ['observatory-password', 'front-end'],
        ['session-key', 'front-end-v2'],
        ['observatory-password', 'front-end-v2'],
        ['catalogue-db-password', 'catalogue'],
        ['catalogue-db-password', 'catalogue-db'],
        ['grafana-password', 'grafana'],
      ].sort(),
    );
  });

  it('gives every container that has a program for it a health check, and a slow start time', () => {
    const unchecked = everything.filter(([, { healthcheck }]) => !healthcheck?.test);
    expect(unchecked.map(([name]) => name).sort()).toEqual(['collector', 'prometheus']);
    for (const [name, { healthcheck }] of everything)
      if (healthcheck?.test) expect([name, healthcheck.start_period]).toEqual([name, '300s']);
  });

  it('starts what is optional with its profile only, and shoppers once the shop is there', () => {
    const optional = everything.filter(([, { profiles }]) => profiles);
    const expected = Object.entries(PROFILES).flatMap(([profile, names]) =>
      names.map((name): [string, string[]] => [name, [profile]]),
    );
    expect(new Map(optional.map(([name, { profiles }]) => [name, profiles]))).toEqual(
      new Map(expected),
    );
    expect(everything.filter(([, { depends_on }]) => depends_on)).toEqual([
      [
        'load',
        expect.objectContaining({
          depends_on: {
            'edge-router': { condition: 'service_healthy' },
            'front-end': { condition: 'service_healthy' },
          },
        }),
      ],
    ]);
  });
});

describe('the Dockerfile', () => {
  it('runs the Node version that the project is tested with', () => {
    const { devDependencies } = JSON.parse(read('package.json')) as {
      devDependencies: { node: string };
    };
    const images = read('deploy/Dockerfile').matchAll(/^FROM (?:--platform=\S+ )?(node:\S+)/gm);
    expect(new Set([...images].map(([, image]) => image))).toEqual(
      new Set([`node:${devDependencies.node}-trixie-slim`]),
    );
  });
});

describe('the Dockerfile and its secrets', () => {
  it('gives npm settings and a certificate authority wherever it installs, and keeps them in no layer', () => {
    const steps = read('deploy/Dockerfile').split(/^(?=[A-Z]+ )/m);
    const installs = steps.filter((step) => /\bnpm (ci|install)\b/.test(step));
    expect(installs.length).toBeGreaterThan(0);
    for (const step of installs) {
      expect(step).toContain('--mount=type=secret,id=npmrc,target=/root/.npmrc ');
      expect(step).toContain('--mount=type=secret,id=ca ');
      expect(step).toContain('NODE_EXTRA_CA_CERTS=/run/secrets/ca');
    }
  });
});

const parser = composeParser();
(parser ? describe : describe.skip)('Docker Compose', () => {
  const [command, ...args] = parser ?? [];
  const config = (profiles: readonly string[], ...options: string[]): string => {
    const files = profiles.map((name) => join(root, 'deploy/compose/profiles', `${name}.env`));
    const words = [
      ...args,
      '-f',
      join(root, file),
      ...files.flatMap((path) => ['--env-file', path]),
    ];
    return execFileSync(command!, [...words, 'config', ...options], { encoding: 'utf8' });
  };
  const servicesOf = (...profiles: string[]): string[] =>
    config(profiles, '--services').trim().split('\n').sort();
  const always = Object.keys(compose.services).filter((name) => !OPTIONAL.includes(name));

  it.each(Object.entries(PROFILES))('accepts the profile %s', (profile, names) => {
    expect(servicesOf(profile)).toEqual([...always, ...names].sort());
  });

  it('accepts the shop alone, and all profiles at once', () => {
    expect(servicesOf()).toEqual(always.sort());
    expect(servicesOf(...Object.keys(PROFILES))).toEqual(Object.keys(compose.services).sort());
  });

  it.each([
    ['logs', 'orders', { OTEL_LOGS_EXPORTER: 'otlp' }],
    [
      'collector',
      'orders',
      { ZIPKIN: '', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' },
    ],
    ['zipkin-mysql', 'zipkin', { STORAGE_TYPE: 'mysql' }],
  ])('with the profile %s changes what %s sends or keeps', (profile, name, expected) => {
    interface Config {
      readonly services: Readonly<Record<string, { readonly environment: object }>>;
    }
    const environment = (profiles: string[]) =>
      (JSON.parse(config(profiles, '--format', 'json')) as Config).services[name]?.environment;
    expect(environment([profile])).toMatchObject(expected);
    expect(environment([])).not.toMatchObject(expected);
  });
});
