import { Gauge, type Registry } from 'prom-client';

/** Few values in each service; others of the resource, such as the process id, would make a new series at each start for nothing. */
const SHOWN = [
  'service.namespace',
  'service.name',
  'service.version',
  'service.instance.id',
  'deployment.environment.name',
];

/** `target_info`: always 1, with attributes of the resource as labels. A query joins it to other series of the same target. */
export function showTarget(registry: Registry, resource: Readonly<Record<string, unknown>>): void {
  const labels: Record<string, string> = {};
  for (const name of SHOWN) {
    const value = resource[name];
    if (typeof value === 'string') labels[name.replaceAll('.', '_')] = value;
  }
  const info = new Gauge({
    name: 'target_info',
    help: 'The service, its release and its instance',
    labelNames: Object.keys(labels),
    registers: [registry],
  });
  info.set(labels, 1);
}
