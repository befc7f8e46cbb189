import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import YAML from 'yaml';
import { works } from './compose-parser.ts';
import { root } from './manifests.ts';

export type Labels = Record<string, string>;

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
}

export interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly secretKeyRef?: { name: string; key: string; optional?: boolean };
  };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly Variable[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources: {
    readonly requests: Record<string, string>;
    readonly limits: Record<string, string>;
  };
  readonly securityContext: unknown;
  readonly startupProbe?: { readonly exec: { readonly command: readonly string[] } };
  readonly livenessProbe?: unknown;
  readonly readinessProbe?: unknown;
  readonly volumeMounts?: readonly { readonly name: string }[];
}

export interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

export interface Workload {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly metadata: Metadata;
  readonly spec: {
    readonly replicas?: number;
    readonly strategy?: unknown;
    readonly selector: { readonly matchLabels: Labels };
    readonly template: {
      readonly metadata: { readonly labels: Labels; readonly annotations?: Labels };
      readonly spec: {
        readonly securityContext: Record<string, unknown>;
        readonly serviceAccountName?: string;
        readonly topologySpreadConstraints?: readonly unknown[];
        readonly initContainers?: readonly Container[];
        readonly containers: readonly Container[];
        readonly volumes?: readonly {
          readonly name: string;
          readonly configMap?: { readonly name: string };
          readonly projected?: {
            readonly sources: readonly { readonly configMap?: { readonly name: string } }[];
          };
        }[];
      };
    };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  };
}

export interface Service {
  readonly kind: 'Service';
  readonly metadata: Metadata;
  readonly spec: {
    readonly type?: string;
    readonly ipFamilyPolicy?: string;
    readonly selector: Labels;
    readonly ports: readonly {
      readonly name: string;
      readonly port: number;
      readonly targetPort: string;
      readonly nodePort?: number;
    }[];
  };
}

export interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: unknown;
}

export interface NetworkPolicy {
  readonly kind: 'NetworkPolicy';
  readonly metadata: Metadata;
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly { from?: readonly Peer[]; ports?: readonly { port: number }[] }[];
    readonly egress?: readonly { to?: readonly Peer[]; ports?: readonly { port: number }[] }[];
  };
}

/** Any other object; the tests that read its `spec` know its kind. */
export interface Other {
  readonly kind: 'other';
  readonly metadata: Metadata;
  readonly spec?: Record<string, unknown>;
}

export type KubernetesObject = Workload | Service | NetworkPolicy | Other;

export const isWorkload = (object: KubernetesObject): object is Workload =>
  ['Deployment', 'StatefulSet', 'DaemonSet'].includes(object.kind);
export const isService = (object: KubernetesObject): object is Service => object.kind === 'Service';
/** A Service that leads to pods. */
export const isDoor = (object: KubernetesObject): object is Service =>
  isService(object) && object.spec.type !== 'ExternalName';
export const isPolicy = (object: KubernetesObject): object is NetworkPolicy =>
  object.kind === 'NetworkPolicy';
/** The objects of a kind that has no type of its own here. */
export const others = (objects: readonly KubernetesObject[], kind: string): Other[] =>
  objects.filter((object): object is Other => object.kind === (kind as 'other'));

const folder = join(root, 'deploy/kubernetes');
/** Kustomize comes with kubectl. */
export const hasKustomize = works('kubectl', 'version', '--client');
export const OVERLAYS = readdirSync(join(folder, 'overlays')).sort();

/** What `kubectl kustomize` makes of a folder below deploy/kubernetes. */
export function kustomized(path: string): string {
  return execFileSync('kubectl', ['kustomize', join(folder, path)], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** The objects of YAML text. The API server of `npm run test:kubernetes` checks their shape. */
export function objectsIn(text: string): KubernetesObject[] {
  return YAML.parseAllDocuments(text)
    .map((document) => document.toJSON() as KubernetesObject | null)
    .filter((object) => object !== null);
}

export const selects = (
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Labels,
): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(({ key, operator, values }) => {
    if (operator !== 'In') throw new Error(`operator ${operator}`);
    return values.includes(labels[key] ?? '');
  });

const rendered = new Map<string, KubernetesObject[]>();

/** The objects of an overlay. */
export function overlay(name: string): KubernetesObject[] {
  const known = rendered.get(name) ?? objectsIn(kustomized(`overlays/${name}`));
  rendered.set(name, known);
  return known;
}
