import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { SERVICES } from '@sockshop/parts';
import YAML from 'yaml';
import { hasKustomize, isPolicy, isService, isWorkload, kustomized, objectsIn, } from './kubernetes-objects.ts';
import { CONTAINERS, DATA_STORES, PINNED, read, unknownVariables } from './manifests.ts';
import { allowedEdges } from './network-edges.ts';
(hasKustomize ? describe : describe.skip)('the Kubernetes base', () => {
    const objects = hasKustomize ? objectsIn(kustomized('base')) : [];
    const workloads = objects.filter((object) => isWorkload(object));
    const services = objects.filter((object) => isService(object));
    const workload = (name) => workloads.find(({ metadata }) => metadata.name === name);
    const container = (name) => workload(name).spec.template.spec.containers[0];
    const door = (name) => services.find(({ metadata }) => metadata.name === name);
    const compose = YAML.parse(read('deploy/compose/compose.yaml'), { merge: true });
    it('has the services and data stores under the original host names, all in sock-shop', () => {
        const names = [...CONTAINERS.map(({ name }) => name), ...DATA_STORES, 'zipkin'].sort();
        expect(workloads.map(({ metadata }) => metadata.name).sort()).toEqual(names);
        expect(services.map(({ metadata }) => metadata.name).sort()).toEqual(names);
        expect([...new Set(workloads.map(({ metadata }) => metadata.namespace))]).toEqual([
            'sock-shop',
        ]);
    });
    it.each(CONTAINERS)('has a Service for $name on port 80 that leads to the container', ({ name }) => {
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
    });
    it.each([
        ['catalogue-db', 3306],
        ['carts-db', 27017],
        ['orders-db', 27017],
        ['user-db', 27017],
        ['rabbitmq', 5672],
        ['zipkin', 9411],
    ])('has a Service for %s on port %i', (name, port) => {
        expect(door(name).spec.ports[0]).toMatchObject({ port });
        const target = container(name).ports?.find((open) => open.name === door(name).spec.ports[0]?.targetPort);
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
        });
    });
    it('waits in one startup probe of each pod, so that no start has failed probes', () => {
        for (const { metadata } of workloads) {
            const { startupProbe } = container(metadata.name);
            expect(startupProbe?.exec.command.filter((word) => typeof word !== 'string')).toEqual([]);
            expect([metadata.name, startupProbe]).toEqual([
                metadata.name,
                { exec: { command: expect.any(Array) }, failureThreshold: 1, timeoutSeconds: 600 },
            ]);
        }
    });
    it.each(['127.0.0.1', '::1', '::'])('waits for a 200 of a service that listens on %s', async (address) => {
        const statuses = [503, 503, 200];
        const server = createServer((request, response) => {
            response.writeHead(request.url === '/readyz' ? statuses.shift() : 404).end('{}');
        });
        await once(server.listen(0, address), 'listening');
        const [program = '', ...args] = container('carts').startupProbe.exec.command;
        const { port } = server.address();
        const env = { ...process.env, NODE_OPTIONS: '', PORT: String(port) };
        await promisify(execFile)(program, args, { env });
        expect(statuses).toEqual([]);
        server.close();
    });
    it('starts a new pod before an old one ends', () => {
        for (const { name } of CONTAINERS) {
            expect(workload(name).spec.strategy).toEqual({
                type: 'RollingUpdate',
                rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
            });
        }
    });
    it('has addresses of both families where the cluster has them', () => {
        expect(new Set(services.map(({ spec }) => spec.ipFamilyPolicy))).toEqual(new Set(['PreferDualStack']));
    });
    it('allows exactly the connections that the list of services names', () => {
        const inside = workloads.map(({ metadata, spec }) => ({
            name: metadata.name,
            namespace: 'sock-shop',
            labels: spec.template.metadata.labels,
            ports: container(metadata.name).ports?.map(({ containerPort }) => containerPort) ?? [],
        }));
        const outside = [
            { name: 'browser', namespace: 'other', labels: {}, ports: [443] },
            {
                name: 'prometheus',
                namespace: 'monitoring',
                labels: { name: 'prometheus' },
                ports: [9090],
            },
            { name: 'dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' }, ports: [53] },
            {
                name: 'collector',
                namespace: 'other',
                labels: { 'app.kubernetes.io/name': 'opentelemetry-collector' },
                ports: [4317, 4318, 8888],
            },
        ];
        const edges = allowedEdges(objects.filter(isPolicy), [...inside, ...outside]);
        const ofServices = SERVICES.flatMap(({ name, upstreams, database, broker }) => [
            ...upstreams.map((upstream) => `${name} → ${upstream}:8080`),
            ...(database ? [`${name} → ${name}-db:${database.server === 'mysql' ? 3306 : 27017}`] : []),
            ...(broker ? [`${name} → rabbitmq:5672`] : []),
            ...['zipkin:9411', 'dns:53', 'collector:4317', 'collector:4318'].map((target) => `${name} → ${target}`),
            `prometheus → ${name}:${name === 'front-end' ? 8079 : 8080}`,
        ]);
        const others = outside
            .filter(({ name }) => name !== 'prometheus') // which is in the list of every service
            .map(({ name }) => `${name} → front-end:8079`);
        expect(edges.sort()).toEqual([...ofServices, ...others, 'prometheus → rabbitmq:15692'].sort());
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
//# sourceMappingURL=kubernetes.test.js.map