import YAML from 'yaml';

export interface Variable {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef?: { name: string } };
}

/** Of the fields that this program reads, those that each such container of ours has are not optional. */
export interface Container {
  name: string;
  image: string;
  resources: unknown;
  args: string[];
  /** Or marks of a template. */
  env?: (Variable | string)[];
  envFrom: [{ configMapRef: { name: string } }];
  [mark: string]: unknown;
}

export interface PodSpec {
  containers: [Container, ...Container[]];
  initContainers?: Container[];
  [mark: string]: unknown;
}

export interface Workload {
  kind: 'Deployment' | 'StatefulSet';
  metadata: { name: string; namespace: string; labels: Record<string, string> };
  spec: {
    template: { spec: PodSpec };
    volumeClaimTemplates?: [
      {
        spec: { resources: { requests: { storage: string } }; [mark: string]: unknown };
      },
    ];
    [mark: string]: unknown;
  };
}

export interface Other {
  kind: string;
  metadata: { name: string; namespace: string; labels?: Record<string, string> };
  data?: Record<string, string>;
  spec: { ports: [Record<string, unknown>]; [key: string]: unknown };
}

export const isWorkload = (object: Workload | Other): object is Workload =>
  object.kind === 'Deployment' || object.kind === 'StatefulSet';

export const objectsIn = (text: string): (Workload | Other)[] =>
  YAML.parseAllDocuments(text).map((document) => document.toJSON() as Workload | Other);
