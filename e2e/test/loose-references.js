import { isDoor, isWorkload, others, selects, } from './kubernetes-objects.ts';
import { PINNED } from './manifests.ts';
/** Created by a person, by a command of deploy/kubernetes/README.md. */
const SECRETS = ['front-end-session', 'passwords', 'grafana-admin'];
/** What an API server would accept, but no pod could run with. */
export function loose(objects) {
    const pods = objects.filter(isWorkload);
    const has = (kind, name) => others(objects, kind).some(({ metadata }) => metadata.name === name);
    const ofPods = pods.flatMap(({ metadata, spec }) => {
        const { containers, initContainers = [], volumes = [], serviceAccountName, } = spec.template.spec;
        const claims = spec.volumeClaimTemplates?.map((claim) => claim.metadata.name) ?? [];
        const kept = [...volumes.map(({ name }) => name), ...claims];
        const all = [...initContainers, ...containers];
        return [
            ...(selects(spec.selector, spec.template.metadata.labels) ? [] : ['selects other pods']),
            ...(serviceAccountName === undefined || has('ServiceAccount', serviceAccountName)
                ? []
                : [`no account ${serviceAccountName}`]),
            ...all.flatMap(({ image }) => (PINNED.test(image) ? [] : [`image ${image}`])),
            ...all
                .flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name))
                .filter((name) => !kept.includes(name))
                .map((name) => `no volume ${name}`),
            ...[
                ...all.flatMap(({ envFrom = [] }) => envFrom.map(({ configMapRef }) => configMapRef.name)),
                ...volumes.flatMap(({ configMap, projected }) => [{ configMap }, ...(projected?.sources ?? [])].flatMap((each) => each.configMap?.name ?? [])),
            ]
                .filter((name) => !has('ConfigMap', name))
                .map((name) => `no ConfigMap ${name}`),
            ...all
                .flatMap(({ env = [] }) => env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name))
                .filter((name) => name !== undefined && !SECRETS.includes(name))
                .map((name) => `no secret ${name}`),
        ].map((words) => `${metadata.name}: ${words}`);
    });
    const ofServices = objects.filter(isDoor).flatMap(({ metadata, spec }) => {
        const behind = pods.filter(({ spec: { template } }) => selects({ matchLabels: spec.selector }, template.metadata.labels));
        const doors = behind.flatMap(({ spec: { template } }) => template.spec.containers.flatMap(({ ports = [] }) => ports.map(({ name }) => name)));
        return spec.ports
            .filter(({ targetPort }) => !doors.includes(targetPort))
            .map(({ targetPort }) => `Service ${metadata.name}: no port ${targetPort}`);
    });
    return [...ofPods, ...ofServices];
}
//# sourceMappingURL=loose-references.js.map