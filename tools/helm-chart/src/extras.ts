import { isWorkload, type Other, type Workload } from './objects.ts';
import { Template } from './template.ts';

export const METADATA = `# Written by npm run helm-chart.
apiVersion: v2
name: sock-shop
description: A shop of eight services, with its data stores and traces
type: application
version: 1.0.0
appVersion: 1.0.0
kubeVersion: '>=1.30.0-0' # preStop.sleep
`;

export const HELPERS = `{{- define "image" -}}
{{- $values := (index . 0).Values -}}
{{- $name := index . 1 -}}
{{- (index $values.services $name).image | default (printf "%s%s:%s" $values.image.prefix $name (toString $values.image.tag)) -}}
{{- end }}

{{- define "every-service" -}}
ZIPKIN: {{ printf "%s/api/v2/spans" .Values.zipkin.url | quote }}
{{- range $name, $value := .Values.env }}
{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end }}

{{- /* Another name for other contents, so that a change restarts the pods. */}}
{{- define "every-service-name" -}}
every-service-{{ include "every-service" . | sha256sum | trunc 10 }}
{{- end }}
`;

export const NOTES = `{{- if .Values.nodePort }}
The shop is at port {{ .Values.nodePort }} of every node.
{{- end }}
{{- if .Values.ingress.enabled }}
The shop is at http{{ if .Values.ingress.tls }}s{{ end }}://{{ .Values.ingress.host }}{{ .Values.ingress.path }}
{{- end }}
On this machine: kubectl -n {{ .Release.Namespace }} port-forward service/front-end 8080:80
`;

export const INGRESS = `{{- if .Values.ingress.enabled }}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: front-end
  namespace: {{ .Release.Namespace }}
  {{- with .Values.ingress.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with .Values.ingress.className }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- with .Values.ingress.tls }}
  tls:
    - hosts:
        - {{ $.Values.ingress.host }}
      secretName: {{ . }}
  {{- end }}
  rules:
    - host: {{ .Values.ingress.host }}
      http:
        paths:
          - path: {{ .Values.ingress.path }}
            pathType: Prefix
            backend:
              service:
                name: front-end
                port:
                  name: http
{{- end }}
`;

const POLICIES = `{{- if .Values.networkPolicies }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: load-test
  namespace: {{ .Release.Namespace }}
spec:
  podSelector:
    matchLabels:
      name: load-test
  policyTypes: [Ingress, Egress]
  egress:
    - to:
        - podSelector:
            matchExpressions:
              - { key: name, operator: In, values: [front-end, zipkin] }
      ports: [{ port: 8079 }, { port: 9411 }]
    - ports: [{ protocol: UDP, port: 53 }, { port: 53 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: spans-of-load-test
  namespace: {{ .Release.Namespace }}
spec:
  podSelector:
    matchLabels:
      name: zipkin
  ingress:
    - from:
        - podSelector:
            matchLabels:
              name: load-test
      ports: [{ port: 9411 }]
{{- end }}
`;

/** The load test of its overlay, in the namespace of the release. */
export function loadTestTemplate(objects: readonly (Workload | Other)[]): string {
  const template = new Template();
  const [load] = objects.filter(isWorkload);
  if (!load) throw new Error('the overlay load-test has no workload');
  load.metadata.namespace = template.value('{{ .Release.Namespace }}');
  load.spec['replicas'] = template.value('{{ .Values.loadTest.replicas }}');
  const pod = load.spec.template.spec;
  const image =
    '{{ .Values.loadTest.image | default (printf "%sloadtest:%s" .Values.image.prefix (toString .Values.image.tag)) }}';
  for (const container of [...pod.containers, ...(pod.initContainers ?? [])]) {
    container.image = template.value(image);
  }
  const [container] = pod.containers;
  const { args } = container;
  args[args.indexOf('--url') + 1] = 'http://front-end';
  args[args.indexOf('--shoppers') + 1] = template.value('{{ .Values.loadTest.shoppers | quote }}');
  container.env = [
    { name: 'ZIPKIN', value: template.value('{{ .Values.zipkin.url }}/api/v2/spans') },
  ];
  const text = template.text(load).replaceAll('http://front-end.sock-shop', 'http://front-end');
  return `{{- if .Values.loadTest.enabled }}\n${text}${POLICIES}{{- end }}\n`;
}
