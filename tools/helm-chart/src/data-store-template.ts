import { type Workload } from './objects.ts';
import { fromSecret, variable } from './service-template.ts';
import { type Template } from './template.ts';
import { type DataStoreValues } from './values.ts';

/** What the base says of a data store, or of Zipkin, that people change. */
export function readDataStore({ spec }: Workload): DataStoreValues {
  const { image, resources } = spec.template.spec.containers[0];
  const claim = spec.volumeClaimTemplates?.[0];
  const storage = claim?.spec.resources.requests.storage;
  return { image, resources, ...(storage && { storage, storageClass: null }) };
}

/** Its image, resources and volume become values, and its password comes from a secret where one is named. */
export function dataStoreTemplate({ metadata, spec }: Workload, template: Template): void {
  const own = `(index .Values.dataStores ${JSON.stringify(metadata.name)})`;
  const container = spec.template.spec.containers[0];
  container.image = template.value(`{{ ${own}.image }}`);
  container.resources = template.object(`${own}.resources`);
  if (container.env) {
    container.env = container.env.map((entry) =>
      typeof entry === 'string' ? entry : variable(entry, template),
    );
  }
  if (metadata.name === 'rabbitmq') {
    container.env?.push(
      template.lines(
        '{{- if .Values.secrets.passwords }}',
        '- name: RABBITMQ_DEFAULT_USER',
        '  value: shop',
        '- name: RABBITMQ_DEFAULT_PASS',
        '  valueFrom:',
        ...fromSecret('rabbitmq', '    '),
        '{{- end }}',
      ),
    );
  }
  const claim = spec.volumeClaimTemplates?.[0];
  if (!claim) return;
  claim.spec.resources.requests.storage = template.value(`{{ ${own}.storage }}`);
  claim.spec[
    template.lines(`{{- with ${own}.storageClass }}`, 'storageClassName: {{ . }}', '{{- end }}')
  ] = null;
}
