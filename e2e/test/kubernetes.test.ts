import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import YAML from 'yaml';
import { works } from './compose-parser.ts';
import { CONTAINERS, DATA_STORES, PINNED, read, root, unknownVariables } from './manifests.ts';

interface Container {
  name: string;
  image: string;
  env?: { name: string; value?: string }[];
  ports: { name: string; containerPort: number }[];
  resources: { limits: Record<string, string> };
  securityContext: unknown;
  livenessProbe: unknown;
  readinessProbe: unknown;
}

interface Workload {
  kind: 'Deployment' | 'StatefulSet';
  metadata: { name: string; namespace: string };
  spec: {
    selector: { matchLabels: Record<string, string> };
    template: {
      metadata: { labels: Record<string, string> };
      spec: { securityContext: Record<string, unknown>; containers: Container[] };
    };
  };
}

interface Service {
  kind: 'Service';
  metadata: { name: string; annotations?: Record<string, string> };
  spec: {
    type?: string;
    selector: Record<string, string>;
    ports: { name: string; port: number; targetPort: string; nodePort?: number }[];
  };
}

interface Other {
  kind: 'Namespace' | 'ConfigMap';
}

const isWorkload = (object: Workload | Service | Other): object is Workload =>
  object.kind === 'Deployment' || object.kind === 'StatefulSet';
const isService = (object: Workload | Service | Other): object is Service =>
  object.kind === 'Service';

const base = join(root, 'deploy/kubernetes/base');
const rendered = works('kubectl', 'version', '--client')
  ? execFileSync('kubectl', ['kustomize', base], { encoding: 'utf8' })
  : undefined;

(rendered === undefined ? describe.skip : describe)('the Kubernetes base', () => {
  const documents = rendered === undefined ? [] : YAML.parseAllDocuments(rendered);
  // These tests check the shape.
  const objects = documents.map((document) => document.toJSON() as Workload | Service | Other);
  const workloads = objects.filter((object) => isWorkload(object));
  const services = objects.filter((object) => isService(object));
  const workload = (name: string) => workloads.find(({ metadata }) => metadata.name === name)!;
  const container = (name: string) => workload(name).spec.template.spec.containers[0]!;
  const door = (name: string) => services.find(({ metadata }) => metadata.name === name)!;
  const compose = YAML.parse(read('deploy/compose/compose.yaml'), { merge: true }) as {
    services: Record<string, { image: string }>;
  };

  it('has the services and data stores under the original host names, all in sock-shop', () => {
    const names = [...CONTAINERS.map(({ name }) => name), ...DATA_STORES, 'zipkin'].sort();
    expect(workloads.map(({ metadata }) => metadata.name).sort()).toEqual(names);
    expect(services.map(({ metadata }) => metadata.name).sort()).toEqual(names);
    expect([...new Set(workloads.map(({ metadata }) => metadata.namespace))]).toEqual([
      'sock-shop',
    ]);
  });

  it.each(CONTAINERS)(
    'has a Service for $name on port 80 that leads to the container',
    ({ name }) => {
      const [port] = door(name).spec.ports;
      expect(port).toEqual({
        name: 'http',
        port: 80,
        targetPort: 'http',
        ...(name === 'front-end' && { nodePort: 30001 }),
      });
      const variables = container(name).env ?? [];
      const listens = Number(variables.find((variable) => variable.name === 'PORT')?.value);
      expect(container(name).ports).toEqual([{ name: 'http', containerPort: listens }]);
      expect(listens).toBeGreaterThanOrEqual(1024); // no capability is needed
    },
  );

  it.each([
    ['catalogue-db', 3306],
    ['carts-db', 27017],
    ['orders-db', 27017],
    ['user-db', 27017],
    ['rabbitmq', 5672],
    ['zipkin', 9411],
  ])('has a Service for %s on port %i', (name, port) => {
    expect(door(name).spec.ports[0]).toMatchObject({ port });
    const target = container(name).ports.find(
      (open) => open.name === door(name).spec.ports[0]?.targetPort,
    );
    expect(target?.containerPort).toBe(port);
  });

  it('selects the pods of the same name by the label that dashboards read', () => {
    for (const { metadata, spec } of [...workloads, ...services]) {
      const selector = 'template' in spec ? spec.selector.matchLabels : spec.selector;
      expect(selector).toEqual({ name: metadata.name });
      expect(workload(metadata.name).spec.template.metadata.labels).toMatchObject({
        name: metadata.name,
        'app.kubernetes.io/name': metadata.name,
        'app.kubernetes.io/part-of': 'sock-shop',
      });
    }
  });

  it.each(CONTAINERS)('allows $name $memoryMiB MiB', ({ name, memoryMiB }) => {
    expect(container(name).resources.limits).toEqual({ memory: `${memoryMiB}Mi` });
  });

  it.each(CONTAINERS)('probes $name at /livez and /readyz', ({ name }) => {
    expect(container(name)).toMatchObject({
      livenessProbe: { httpGet: { path: '/livez', port: 'http' } },
      readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
      startupProbe: { httpGet: { path: '/livez', port: 'http' } },
    });
  });

  it.each(CONTAINERS)('sets only variables that $name reads', ({ name }) => {
    const variables = container(name).env ?? [];
    const values = variables.map(({ value = '' }) => value).join();
    const own = variables
      .map((variable) => variable.name)
      .filter((known) => !values.includes(`$(${known})`));
    expect(unknownVariables(name, own)).toEqual([]);
  });

  it('lets Prometheus find every service, and queue-master at its own path', () => {
    for (const { name } of CONTAINERS) {
      expect(door(name).metadata.annotations).toEqual({
        'prometheus.io/scrape': 'true',
        ...(name === 'queue-master' && { 'prometheus.io/path': '/prometheus' }),
      });
    }
  });

  it('meets the restricted Pod Security Standard, with a read-only root file system', () => {
    for (const { metadata, spec } of workloads) {
      const pod = spec.template.spec;
      expect([metadata.name, pod.securityContext]).toMatchObject([
        metadata.name,
        { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      ]);
      for (const { securityContext } of pod.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      }
    }
    for (const { name } of CONTAINERS) {
      expect(workload(name).spec.template.spec.securityContext).toMatchObject({
        runAsUser: 10001,
        runAsGroup: 10001,
      });
    }
  });

  it('runs the images of compose.yaml, all pinned', () => {
    for (const { metadata } of workloads) {
      expect(container(metadata.name).image).toMatch(PINNED);
      expect(container(metadata.name).image).toBe(compose.services[metadata.name]?.image);
    }
  });
});
