import { type Variable, type Workload } from './objects.ts';
import { type Template } from './template.ts';
import { type ServiceValues } from './values.ts';

export const isService = ({ metadata }: Workload): boolean =>
  metadata.labels['app.kubernetes.io/component'] === 'service';

/** What the base says of a service that people change. */
export const readService = ({ spec }: Workload): ServiceValues => ({
  image: null,
  replicas: null,
  resources: spec.template.spec.containers[0].resources,
  env: {},
});

/** How images are pulled, which is the same for all pods. */
export function common({ spec }: Workload, template: Template): void {
  const pod = spec.template.spec;
  const pull = '{{- with .Values.image.pullPolicy }}';
  pod.containers[0][template.lines(pull, 'imagePullPolicy: {{ . }}', '{{- end }}')] = null;
  const secrets = ['{{- with .Values.image.pullSecrets }}', 'imagePullSecrets:'];
  pod[
    template.lines(...secrets, '{{- range . }}', '  - name: {{ . }}', '{{- end }}', '{{- end }}')
  ] = null;
}

/** Its image, number of pods, resources and variables become values. */
export function serviceTemplate({ metadata, spec }: Workload, template: Template): void {
  const { name } = metadata;
  const own = `(index .Values.services ${JSON.stringify(name)})`;
  const container = spec.template.spec.containers[0];
  container.image = template.value(`{{ include "image" (list $ ${JSON.stringify(name)}) }}`);
  container.resources = template.object(`${own}.resources`);
  spec[template.lines(`{{- with ${own}.replicas }}`, 'replicas: {{ . }}', '{{- end }}')] = null;
  container.envFrom[0].configMapRef.name = template.value('{{ include "every-service-name" . }}');
  container.env = [
    ...(container.env ?? []).map((entry) =>
      typeof entry === 'string' ? entry : variable(entry, template),
    ),
    template.lines(
      `{{- range $name, $value := ${own}.env }}`,
      '- name: {{ $name }}',
      '  value: {{ $value | quote }}',
      '{{- end }}',
    ),
  ];
}

/** A variable, or what stands for it: passwords come from a secret where one is named. */
export function variable(entry: Variable, template: Template): Variable | string {
  const { name, value } = entry;
  if (name === 'MYSQL_PASSWORD') {
    return template.lines(
      `- name: ${name}`,
      ...either([`  value: ${value}`], ['  valueFrom: ', ...fromSecret('catalogue-db', '    ')]),
    );
  }
  if (name === 'RABBITMQ_URL') {
    const password = [
      '- name: RABBITMQ_PASSWORD',
      '  valueFrom:',
      ...fromSecret('rabbitmq', '    '),
    ];
    const url = `  value: amqp://shop:$(RABBITMQ_PASSWORD)@rabbitmq:5672`;
    return template.lines(
      ...either([`- name: ${name}`, `  value: ${value}`], [...password, `- name: ${name}`, url]),
    );
  }
  const secret = entry.valueFrom?.secretKeyRef;
  if (name === 'SESSION_KEY' && secret)
    secret.name = template.value('{{ .Values.secrets.session }}');
  if (name === 'TRACES_URL') return { name, value: template.value('{{ .Values.zipkin.url }}') };
  return entry;
}

const either = (demo: readonly string[], secret: readonly string[]): string[] => [
  '{{- if .Values.secrets.passwords }}',
  ...secret.map((line) => line.trimEnd()),
  '{{- else }}',
  ...demo,
  '{{- end }}',
];

/** The lines below `valueFrom`. */
export const fromSecret = (key: string, indent: string): string[] =>
  ['secretKeyRef:', '  name: {{ .Values.secrets.passwords }}', `  key: ${key}`].map(
    (line) => `${indent}${line}`,
  );
