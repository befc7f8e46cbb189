import { common, isService, readService, serviceTemplate } from './service-template.ts';
import { dataStoreTemplate, readDataStore } from './data-store-template.ts';
import { HELPERS, INGRESS, loadTestTemplate, METADATA, NOTES } from './extras.ts';
import { isWorkload, objectsIn, type Other, type Workload } from './objects.ts';
import { Template } from './template.ts';
import { type Values, valuesSchema, valuesText } from './values.ts';

/** The files of the chart: what the base and the overlay load-test are, with what people change as values. */
export function chartFiles(base: string, loadTest: string): Map<string, string> {
  const objects = objectsIn(base).filter(({ kind }) => kind !== 'Namespace'); // Helm's --create-namespace
  const values = valuesOf(objects);
  const files = new Map([
    ['Chart.yaml', METADATA],
    ['values.yaml', valuesText(values)],
    ['values.schema.json', valuesSchema(values)],
    ['templates/_helpers.tpl', HELPERS],
    ['templates/NOTES.txt', NOTES],
    ['templates/ingress.yaml', INGRESS],
    ['templates/load-test.yaml', loadTestTemplate(objectsIn(loadTest))],
  ]);
  for (const object of objects) {
    const path = `templates/${object.metadata.labels?.['name'] ?? fileOf(object)}.yaml`;
    const before = files.get(path);
    files.set(path, `${before === undefined ? '' : `${before}---\n`}${templateOf(object)}`);
  }
  return files;
}

const fileOf = ({ kind }: Workload | Other): string =>
  kind === 'NetworkPolicy' ? 'network-policies' : 'every-service';

/** What the base says, as the defaults of the values. */
function valuesOf(objects: readonly (Workload | Other)[]): Values {
  const values: Values = { env: {}, services: {}, dataStores: {} };
  for (const object of objects) {
    if (!isWorkload(object)) {
      if (object.kind === 'ConfigMap') Object.assign(values.env, object.data);
    } else if (isService(object)) {
      values.services[object.metadata.name] = readService(object);
    } else {
      values.dataStores[object.metadata.name] = readDataStore(object);
    }
  }
  delete values.env['ZIPKIN']; // made of zipkin.url
  return values;
}

function templateOf(object: Workload | Other): string {
  const template = new Template();
  object.metadata.namespace = template.value('{{ .Release.Namespace }}');
  if (isWorkload(object)) {
    common(object, template);
    if (isService(object)) serviceTemplate(object, template);
    else dataStoreTemplate(object, template);
  } else if (object.kind === 'ConfigMap') {
    object.metadata.name = template.value('{{ include "every-service-name" . }}');
    const data = template.value('\n{{ include "every-service" . | indent 2 }}');
    return template.text({ ...object, data }).replace('data: \n', 'data:\n');
  } else if (object.kind === 'Service' && object.metadata.name === 'front-end') {
    const [port] = object.spec.ports;
    object.spec['type'] = template.value(
      '{{ if .Values.nodePort }}NodePort{{ else }}ClusterIP{{ end }}',
    );
    delete port['nodePort'];
    port[template.lines('{{- with .Values.nodePort }}', 'nodePort: {{ . }}', '{{- end }}')] = null;
  }
  let text = template.text(object);
  if (object.kind === 'NetworkPolicy') text = only('.Values.networkPolicies', text);
  return object.metadata.labels?.['name'] === 'zipkin'
    ? only('.Values.zipkin.enabled', text)
    : text;
}

const only = (condition: string, text: string): string =>
  `{{- if ${condition} }}\n${text}{{- end }}\n`;
