import { selects } from './kubernetes-objects.ts';
/** The connections of pods with policies that these allow, such as `orders → payment:8080`: the policies of both pods must. */
export function allowedEdges(policies, pods) {
    return pods.flatMap((from) => pods
        .filter((to) => to !== from && [from, to].some((pod) => applying(policies, pod).length > 0))
        .flatMap((to) => to.ports
        .filter((port) => leaves(policies, from, to, port) && enters(policies, from, to, port))
        .map((port) => `${from.name} → ${to.name}:${port}`)));
}
function leaves(policies, from, to, port) {
    const own = applying(policies, from).filter(({ spec }) => spec.policyTypes?.includes('Egress') ?? spec.egress !== undefined);
    const rules = own.flatMap(({ spec }) => spec.egress ?? []);
    return (own.length === 0 || rules.some(({ to: peers, ports }) => admits(peers, ports, from, to, port)));
}
function enters(policies, from, to, port) {
    const own = applying(policies, to).filter(({ spec }) => spec.policyTypes?.includes('Ingress') ?? true);
    const rules = own.flatMap(({ spec }) => spec.ingress ?? []);
    return (own.length === 0 || rules.some(({ from: peers, ports }) => admits(peers, ports, to, from, port)));
}
const applying = (policies, pod) => policies.filter(({ metadata, spec }) => metadata.namespace === pod.namespace && selects(spec.podSelector, pod.labels));
/** Whether a rule of the policies of `pod` names `other` and the port. */
function admits(peers, ports, pod, other, port) {
    const named = peers?.some(({ podSelector, namespaceSelector, ipBlock }) => {
        if (ipBlock !== undefined)
            return false; // an address is no pod of ours
        const namespace = { 'kubernetes.io/metadata.name': other.namespace };
        return ((namespaceSelector
            ? selects(namespaceSelector, namespace)
            : other.namespace === pod.namespace) && selects(podSelector ?? {}, other.labels));
    });
    return (named ?? true) && (ports?.some((each) => each.port === port) ?? true);
}
//# sourceMappingURL=network-edges.js.map