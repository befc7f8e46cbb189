import { describe, expect, it } from '@jest/globals';
import { SERVICES } from '@sockshop/parts';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import YAML from 'yaml';
import { hasKustomize, isDoor, isService, isWorkload, others, overlay, OVERLAYS, } from './kubernetes-objects.ts';
import { loose } from './loose-references.ts';
import { DATA_STORES, read, root } from './manifests.ts';
const names = SERVICES.map(({ name }) => name);
const workloads = (name) => overlay(name).filter((object) => isWorkload(object));
const workload = (of, name) => workloads(of).find(({ metadata }) => metadata.name === name);
const container = (of, name) => workload(of, name).spec.template.spec.containers[0];
const namesOf = (objects) => objects.map(({ metadata }) => metadata.name).sort();
(hasKustomize ? describe : describe.skip)('the overlays', () => {
    it.each(OVERLAYS)('%s names only what exists, with pinned images', (name) => {
        expect(overlay(name)).not.toEqual([]);
        expect(loose(overlay(name))).toEqual([]);
    });
    it.each(OVERLAYS)('%s has pods that meet the restricted Pod Security Standard', (name) => {
        for (const { metadata, spec } of workloads(name)) {
            const { securityContext, containers, initContainers = [] } = spec.template.spec;
            expect([metadata.name, securityContext]).toMatchObject([
                metadata.name,
                { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
            ]);
            for (const each of [...containers, ...initContainers]) {
                expect(each.securityContext).toMatchObject({
                    allowPrivilegeEscalation: false,
                    readOnlyRootFilesystem: true,
                    capabilities: { drop: ['ALL'] },
                });
            }
        }
    });
    it('each have a line in the README', () => {
        const readme = read('deploy/kubernetes/README.md');
        const lines = [...readme.matchAll(/^\| `([\w-]+)` /gm)].map(([, name]) => name);
        expect(lines.sort()).toEqual(OVERLAYS);
    });
});
(hasKustomize ? describe : describe.skip)('the overlay local', () => {
    it('needs no volumes, and opens the shop and Zipkin at node ports that kind.yaml maps', () => {
        const doors = overlay('local')
            .filter(isService)
            .flatMap(({ spec }) => spec.ports.flatMap(({ nodePort }) => nodePort ?? []));
        const kind = YAML.parse(read('deploy/kubernetes/overlays/local/kind.yaml'));
        const mapped = kind.nodes[0].extraPortMappings.map(({ containerPort }) => containerPort);
        expect(doors.sort()).toEqual([30001, 30002]);
        expect(mapped).toEqual([30001, 30002]);
        for (const { spec } of workloads('local'))
            expect(spec).not.toHaveProperty('volumeClaimTemplates');
    });
});
(hasKustomize ? describe : describe.skip)('the overlay production', () => {
    it('keeps two pods or more of each service, also while nodes are drained', () => {
        const scalers = others(overlay('production'), 'HorizontalPodAutoscaler');
        expect(namesOf(scalers)).toEqual([...names].sort());
        for (const { metadata, spec } of scalers) {
            expect(spec).toMatchObject({
                minReplicas: 2,
                scaleTargetRef: { kind: 'Deployment', name: metadata.name },
            });
            expect(workload('production', metadata.name).spec.replicas).toBeUndefined(); // the scaler's
        }
        const budgets = others(overlay('production'), 'PodDisruptionBudget');
        expect(namesOf(budgets)).toEqual([...names].sort());
        for (const { metadata, spec } of budgets) {
            expect(spec).toMatchObject({
                maxUnavailable: 1,
                selector: { matchLabels: { name: metadata.name } },
            });
        }
    });
    it.each(names)('spreads the pods of %s', (name) => {
        expect(workload('production', name).spec.template.spec.topologySpreadConstraints).toHaveLength(2);
    });
    it('takes every password and the key of sessions from secrets that must exist', () => {
        const variables = workloads('production').flatMap(({ metadata, spec }) => spec.template.spec.containers.flatMap(({ env = [] }) => env.map((variable) => ({ of: metadata.name, ...variable }))));
        const secret = variables.filter(({ valueFrom }) => valueFrom?.secretKeyRef);
        expect(secret.map(({ of, name }) => `${of} ${name}`).sort()).toEqual([
            'catalogue MYSQL_PASSWORD',
            'catalogue-db MYSQL_PASSWORD',
            'front-end SESSION_KEY',
            'orders RABBITMQ_PASSWORD',
            'queue-master RABBITMQ_PASSWORD',
            'rabbitmq RABBITMQ_DEFAULT_PASS',
            'shipping RABBITMQ_PASSWORD',
        ]);
        for (const { valueFrom } of secret)
            expect(valueFrom?.secretKeyRef?.optional ?? false).toBe(false);
        expect(variables.filter(({ value = '' }) => /default_password|guest:/.test(value))).toEqual([]);
        // A variable is replaced in the ones after it only.
        for (const name of ['orders', 'shipping', 'queue-master']) {
            const order = container('production', name).env.map((variable) => variable.name);
            expect(order.indexOf('RABBITMQ_PASSWORD')).toBeLessThan(order.indexOf('RABBITMQ_URL'));
        }
    });
    it('allows one pod of each service less than 1,536 MiB together', () => {
        const limits = names.map((name) => container('production', name).resources.limits['memory']);
        expect(limits.every((limit) => limit?.endsWith('Mi'))).toBe(true);
        expect(limits.reduce((sum, limit) => sum + Number.parseInt(limit, 10), 0)).toBeLessThan(1536);
    });
});
(hasKustomize ? describe : describe.skip)('the overlay drop-in', () => {
    it('has a Deployment for each part of the original, without volumes', () => {
        const deployments = workloads('drop-in');
        expect(namesOf(deployments)).toEqual([...names, ...DATA_STORES, 'zipkin'].sort());
        expect(new Set(deployments.map(({ kind }) => kind))).toEqual(new Set(['Deployment']));
        for (const { spec } of deployments)
            expect(spec).not.toHaveProperty('volumeClaimTemplates');
    });
    it("has RabbitMQ's metrics at the port of the original's exporter", () => {
        const rabbitmq = overlay('drop-in')
            .filter(isService)
            .find(({ metadata }) => metadata.name === 'rabbitmq');
        expect(rabbitmq?.spec.ports).toContainEqual({
            name: 'exporter',
            port: 9090,
            targetPort: 'metrics',
        });
    });
});
(hasKustomize ? describe : describe.skip)('the overlay observability', () => {
    const folder = 'deploy/observability';
    const files = (path) => readdirSync(join(root, folder, path))
        .filter((file) => !file.startsWith('.'))
        .map((file) => `${path}/${file}`);
    it('has every file of Prometheus and Grafana, and mounts each dashboard', () => {
        const kustomization = read(`${folder}/kustomization.yaml`);
        const listed = [...kustomization.matchAll(/(?:prometheus|grafana)\/[\w./-]+\.(?:yaml|json)/g)];
        expect(listed.map(([path]) => path).sort()).toEqual([
            'prometheus/kubernetes.yaml',
            ...files('prometheus/rules'),
            ...files('grafana/provisioning/datasources'),
            ...files('grafana/provisioning/dashboards'),
            ...files('grafana/dashboards'),
        ].sort());
        const { volumes = [] } = workload('observability', 'grafana').spec.template.spec;
        const mounted = JSON.stringify(volumes.find(({ name }) => name === 'dashboards'));
        const maps = namesOf(others(overlay('observability'), 'ConfigMap'));
        for (const name of maps.filter((each) => each.startsWith('dashboard-'))) {
            expect(mounted).toContain(`"${name}"`);
        }
    });
    it("has the original's node ports", () => {
        const doors = overlay('observability')
            .filter(isDoor)
            .flatMap(({ spec }) => spec.ports)
            .flatMap(({ nodePort }) => nodePort ?? []);
        expect(doors.sort()).toEqual([31090, 31300]);
    });
});
//# sourceMappingURL=overlays.test.js.map