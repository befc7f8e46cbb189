import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import YAML from 'yaml';
import { composeParser } from './compose-parser.ts';
import { CONTAINERS, DATA_STORES, PINNED, read, root, unknownVariables } from './manifests.ts';

interface ComposeService {
  image: string;
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
};
const service = (name: string): ComposeService => compose.services[name]!;
const everything = Object.entries(compose.services);

describe('compose.yaml', () => {
  it('has the services and data stores under the original host names', () => {
    const names = [...CONTAINERS.map(({ name }) => name), ...DATA_STORES, 'zipkin', 'load'];
    expect(Object.keys(compose.services).sort()).toEqual(names.sort());
  });

  it.each(CONTAINERS)(
    'lets $name listen on $port with $memoryMiB MiB',
    ({ name, port, memoryMiB }) => {
      expect(service(name).environment?.['PORT']).toBe(port);
      expect(service(name).mem_limit).toBe(`${memoryMiB}m`);
    },
  );

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

  it('publishes the shop and Zipkin only', () => {
    const open = everything.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
    expect(open).toEqual([
      ['front-end', '${SHOP_PORT:-8080}:8079'],
      ['zipkin', '${ZIPKIN_PORT:-9411}:9411'],
    ]);
  });

  it('limits the memory of every container', () => {
    for (const [name, { mem_limit }] of everything)
      expect([name, mem_limit]).toEqual([name, expect.stringMatching(/^\d+m$/)]);
  });

  it('pins every image', () => {
    for (const [, { image }] of everything) expect(image).toMatch(PINNED);
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
    expect(Object.keys(compose.volumes).sort()).toEqual([...DATA_STORES].sort());
  });

  it('gives every container but the shoppers a health check, and a slow start the time it has in Kubernetes', () => {
    const patch = read('deploy/kubernetes/base/every-service.yaml');
    const [, period, failures] =
      /startupProbe[^]*?periodSeconds: (\d+),[^]*?failureThreshold: (\d+),/.exec(patch) ?? [];
    const ofServices = `${Number(period) * Number(failures)}s`;
    const services = CONTAINERS.map(({ name }) => [name, ofServices]);
    const others = [...DATA_STORES, 'zipkin'].map((name) => [name, '180s']);
    const checked = everything.filter(([, { healthcheck }]) => healthcheck?.test);
    expect(
      new Map(checked.map(([name, { healthcheck }]) => [name, healthcheck?.start_period])),
    ).toEqual(new Map([...services, ...others] as [string, string][]));
    expect(service('load').healthcheck).toEqual({ disable: true });
  });

  it('starts shoppers only with the profile `load`, and once the shop is there', () => {
    const optional = everything.filter(([, { profiles }]) => profiles);
    expect(optional.map(([name, { profiles }]) => [name, profiles])).toEqual([['load', ['load']]]);
    expect(everything.filter(([, { depends_on }]) => depends_on)).toEqual([
      [
        'load',
        expect.objectContaining({ depends_on: { 'front-end': { condition: 'service_healthy' } } }),
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
  const config = (...options: string[]): string =>
    execFileSync(command!, [...args, '-f', join(root, file), ...options], { encoding: 'utf8' });

  it('accepts the file', () => {
    const accepted = config('--profile', 'load', 'config', '--services').trim().split('\n');
    expect(accepted.sort()).toEqual(Object.keys(compose.services).sort());
  });
});
