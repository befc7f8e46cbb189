import { describe, expect, it } from '@jest/globals';
import { SERVICES } from '@sockshop/parts';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasKustomize, isPolicy, isService, isWorkload, objectsIn, others, overlay, selects, } from './kubernetes-objects.ts';
import { read, root } from './manifests.ts';
const names = SERVICES.map(({ name }) => name);
const workloads = (name) => overlay(name).filter((object) => isWorkload(object));
const workload = (of, name) => workloads(of).find(({ metadata }) => metadata.name === name);
const namesOf = (objects) => objects.map(({ metadata }) => metadata.name).sort();
(hasKustomize ? describe : describe.skip)('two versions of orders', () => {
    it.each(['canary', 'gateway', 'mesh-istio'])('are in %s side by side, each with a Service', (of) => {
        const [v1, v2] = [workload(of, 'orders'), workload(of, 'orders-v2')];
        expect(v1.spec.template.metadata.labels).toMatchObject({ name: 'orders', version: 'v1' });
        expect(v2.spec.template.metadata.labels).toMatchObject({ name: 'orders', version: 'v2' });
        expect(v2.spec.template.spec).toEqual(v1.spec.template.spec);
        const services = overlay(of).filter((object) => isService(object));
        const selectorOf = (name) => services.find(({ metadata }) => metadata.name === name)?.spec.selector;
        expect(selectorOf('orders')).toEqual({ name: 'orders' });
        expect(selectorOf('orders-v1')).toEqual({ name: 'orders', version: 'v1' });
        expect(selectorOf('orders-v2')).toEqual({ name: 'orders', version: 'v2' });
    });
});
(hasKustomize ? describe : describe.skip)('the routes', () => {
    const called = [...new Set(SERVICES.flatMap(({ upstreams }) => upstreams))].sort();
    it('of the gateway lead every called host to its Service, and browsers to front-end', () => {
        const routes = others(overlay('gateway'), 'HTTPRoute');
        const hosts = routes.flatMap(({ spec }) => spec?.['hostnames'] ?? []);
        expect(hosts.sort()).toEqual(called);
        const services = overlay('gateway').filter((object) => isService(object));
        const middlewares = namesOf(others(overlay('gateway'), 'Middleware'));
        for (const { metadata, spec } of routes) {
            const rules = spec['rules'];
            for (const { filters, backendRefs } of rules) {
                for (const { extensionRef } of filters)
                    expect(middlewares).toContain(extensionRef.name);
                for (const { name, port } of backendRefs) {
                    const service = services.find((each) => each.metadata.name === name);
                    expect([name, service?.spec.selector['name']]).toEqual([name, metadata.name]);
                    expect(service?.spec.ports[0]?.port).toBe(port);
                }
            }
        }
    });
    it('of the gateway are what callers use, and its port is the way in', () => {
        const [config] = overlay('gateway').filter(({ metadata }) => metadata.name.startsWith('every-service-'));
        expect(config?.data['MESH_URL']).toBe('http://gateway');
        const doors = overlay('gateway')
            .filter(isService)
            .filter(({ spec }) => spec.ports.some(({ nodePort }) => nodePort === 30001));
        expect(namesOf(doors)).toEqual(['gateway-edge']);
    });
    it('of Istio name subsets that its rules have, for each host', () => {
        const rules = others(overlay('mesh-istio'), 'DestinationRule').map(({ spec }) => ({
            host: spec['host'],
            subsets: spec['subsets'],
        }));
        const subsets = rules.flatMap((rule) => rule.subsets.map(({ name }) => `${rule.host} ${name}`));
        const hosts = [...called, 'front-end'].sort();
        expect(rules.map(({ host }) => host).sort()).toEqual(hosts);
        const routes = others(overlay('mesh-istio'), 'VirtualService');
        expect(routes.flatMap(({ spec }) => spec['hosts']).sort()).toEqual(hosts);
        for (const { spec } of routes) {
            const http = spec['http'];
            for (const { route } of http) {
                for (const { destination } of route)
                    expect(subsets).toContain(`${destination.host} ${destination.subset}`);
                expect(route.reduce((sum, { weight = 100 }) => sum + weight, 0)).toBe(100);
            }
        }
        for (const rule of rules) {
            for (const { labels } of rule.subsets) {
                const pods = workloads('mesh-istio').filter(({ spec }) => selects({ matchLabels: { name: rule.host, ...labels } }, spec.template.metadata.labels));
                expect([rule.host, labels, pods.length]).toEqual([rule.host, labels, 1]);
            }
        }
    });
});
(hasKustomize ? describe : describe.skip)('the experiments of the overlay chaos', () => {
    const folder = join(root, 'deploy/kubernetes/overlays/chaos');
    const files = ['litmus', 'chaos-mesh'].flatMap((tool) => readdirSync(join(folder, tool)).map((file) => `deploy/kubernetes/overlays/chaos/${tool}/${file}`));
    it.each(files)('%s hits pods of the shop', (file) => {
        const [experiment] = objectsIn(read(file));
        const text = JSON.stringify(experiment.spec);
        const targets = [
            ...text.matchAll(/"labelSelectors":\{"name":"([\w-]+)"|"applabel":"name=([\w-]+)"/g),
        ].map(([, mesh, litmus]) => mesh ?? litmus);
        expect(targets).not.toEqual([]);
        for (const name of targets) {
            const hit = workloads('chaos').filter(({ spec }) => spec.template.metadata.labels['name'] === name);
            expect(hit.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
                `Deployment ${name}`,
            ]);
            expect(hit[0].metadata.annotations).toEqual({ 'litmuschaos.io/chaos': 'true' });
        }
        expect(file).toBe(`${file.slice(0, file.lastIndexOf('/'))}/${experiment.metadata.name}.yaml`);
    });
});
(hasKustomize ? describe : describe.skip)('the overlay mesh', () => {
    it('lets the init containers of a mesh in, and gives data stores no proxy', () => {
        const [namespace] = others(overlay('mesh'), 'Namespace');
        expect(namespace?.metadata.labels).toMatchObject({
            'istio-injection': 'enabled',
            'pod-security.kubernetes.io/enforce': 'privileged',
        });
        for (const { metadata, spec } of workloads('mesh')) {
            const labels = spec.template.metadata.labels;
            const ours = names.includes(metadata.name);
            expect([metadata.name, labels['version']]).toEqual([metadata.name, ours ? 'v1' : undefined]);
            expect(labels['sidecar.istio.io/inject']).toBe(ours ? undefined : 'false');
        }
        expect(namesOf(overlay('mesh').filter(isPolicy))).toContain('mesh');
    });
});
//# sourceMappingURL=overlay-routes.test.js.map