import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import YAML from 'yaml';
import { works } from './compose-parser.ts';
import { root } from './manifests.ts';
export const isWorkload = (object) => object.kind === 'Deployment' || object.kind === 'StatefulSet';
export const isService = (object) => object.kind === 'Service';
/** A Service that leads to pods. */
export const isDoor = (object) => isService(object) && object.spec.type !== 'ExternalName';
export const isPolicy = (object) => object.kind === 'NetworkPolicy';
/** The objects of a kind that has no type of its own here. */
export const others = (objects, kind) => objects.filter((object) => object.kind === kind);
const folder = join(root, 'deploy/kubernetes');
/** Kustomize comes with kubectl. */
export const hasKustomize = works('kubectl', 'version', '--client');
export const OVERLAYS = readdirSync(join(folder, 'overlays')).sort();
/** What `kubectl kustomize` makes of a folder below deploy/kubernetes. */
export function kustomized(path) {
    return execFileSync('kubectl', ['kustomize', join(folder, path)], {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
    });
}
/** The objects of YAML text. The API server of `npm run test:kubernetes` checks their shape. */
export function objectsIn(text) {
    return YAML.parseAllDocuments(text)
        .map((document) => document.toJSON())
        .filter((object) => object !== null);
}
export const selects = ({ matchLabels = {}, matchExpressions = [] }, labels) => Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
        if (operator !== 'In')
            throw new Error(`operator ${operator}`);
        return values.includes(labels[key] ?? '');
    });
const rendered = new Map();
/** The objects of an overlay. */
export function overlay(name) {
    const known = rendered.get(name) ?? objectsIn(kustomized(`overlays/${name}`));
    rendered.set(name, known);
    return known;
}
//# sourceMappingURL=kubernetes-objects.js.map