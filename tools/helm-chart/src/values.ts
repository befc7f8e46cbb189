import YAML from 'yaml';

export interface ServiceValues {
  readonly image: null;
  readonly replicas: null;
  readonly resources: unknown;
  readonly env: Record<string, string>;
}

export interface DataStoreValues {
  readonly image: string;
  readonly resources: unknown;
  readonly storage?: string;
  readonly storageClass?: null;
}

/** The values that the base gives. */
export interface Values {
  readonly env: Record<string, string>;
  readonly services: Record<string, ServiceValues>;
  readonly dataStores: Record<string, DataStoreValues>;
}

/** Key, comment, value, in the order of values.yaml. */
const sections = ({ env, services, dataStores }: Values): [string, string, unknown][] => [
  [
    'image',
    "The services' images are PREFIX + name + : + tag; a service may name its own.",
    { prefix: 'sock-shop/', tag: '1.0.0', pullPolicy: null, pullSecrets: [] },
  ],
  ['nodePort', 'Of front-end. 0: no port of the nodes.', 30001],
  [
    'ingress',
    'A way in by host name. `tls` names a secret with the certificate.',
    {
      enabled: false,
      className: null,
      host: 'sock-shop.example',
      path: '/',
      annotations: {},
      tls: null,
    },
  ],
  [
    'secrets',
    `Secrets that you create. session, key SESSION_KEY: several pods of front-end need it. passwords, keys catalogue-db and rabbitmq: without
it, the passwords are the demo's publicly known ones.`,
    { session: 'front-end-session', passwords: null },
  ],
  ['env', 'Variables of every service.', env],
  [
    'zipkin',
    'Where spans go; enabled: a Zipkin that keeps them in memory is part of the release.',
    { enabled: true, url: 'http://zipkin:9411' },
  ],
  ['networkPolicies', 'Only the connections that the shop needs.', true],
  ['loadTest', 'Shoppers.', { enabled: false, replicas: 1, shoppers: 10, image: null }],
  ['services', 'image: instead of the one above. env: further variables.', services],
  ['dataStores', 'One pod each, with a volume.', dataStores],
];

export const valuesText = (values: Values): string =>
  sections(values)
    .map(([key, comment, value]) => {
      const lines = comment.split('\n').map((line) => `# ${line}\n`);
      return `${lines.join('')}${YAML.stringify({ [key]: value }, { lineWidth: 0 })}`;
    })
    .join('\n');

/** Refuses a value with a wrong name, and one of a wrong type. */
export function valuesSchema(values: Values): string {
  const all = Object.fromEntries(sections(values).map(([key, , value]) => [key, value]));
  const schema = { $schema: 'http://json-schema.org/draft-07/schema#', ...schemaOf(all) };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/** Objects whose keys are anyone's. */
const OPEN = new Set(['env', 'resources', 'annotations']);

function schemaOf(value: unknown): object {
  if (value === null) return {}; // not set: a text or a number
  if (Array.isArray(value)) return { type: 'array' };
  if (typeof value !== 'object') return { type: typeof value };
  const entries = Object.entries(value).map(([key, each]): [string, object] => [
    key,
    OPEN.has(key) ? { type: 'object' } : schemaOf(each),
  ]);
  // `global` belongs to charts that include this one.
  const properties = { ...Object.fromEntries(entries), global: {} };
  return { type: 'object', additionalProperties: false, properties };
}
