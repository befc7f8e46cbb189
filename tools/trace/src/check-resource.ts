import type { Data } from './data.ts';
import type { Findings } from './finding.ts';
import type { Node } from './forest.ts';
import type { Resource } from './span.ts';
import { WITHDRAWN } from './withdrawn-names.ts';

/** Whether services, processes and instrumentations say who they are. */
export function checkResource(data: Data, found: Findings): void {
  const seen = new Set<Resource>();
  const instances = new Map<string, Map<string, Node>>();
  const processes = new Map<string, Map<string, Node>>();
  const spellings = new Map<string, Map<string, Node>>();
  for (const trace of data.traces)
    for (const node of trace.nodes) {
      const { service, resource } = node.span;
      if (service === '' || /^unknown(?:_service.*)?$/i.test(service))
        found.add(
          'T35a',
          service === '' ? 'spans without a name of a service' : `spans of ${service}`,
          node,
        );
      else remember(spellings, service.toLowerCase().replaceAll(/[^a-z\d]/g, ''), service, node);
      scope(node, found);
      if (!resource || seen.has(resource)) continue;
      seen.add(resource);
      attributes(node, resource, data, found);
      identity(node, resource, instances, processes);
    }
  for (const [spelling, names] of spellings)
    if (names.size > 1 && spelling !== '')
      for (const node of names.values())
        found.add('T42b', [...names.keys()].sort().join(', '), node);
  for (const hosts of instances.values())
    if (hosts.size > 1)
      for (const node of hosts.values())
        found.add('T35d', `an instance of ${node.span.service}`, node);
  for (const ids of processes.values())
    if (ids.size > 1)
      for (const node of ids.values()) found.add('T35f', `a process of ${node.span.service}`, node);
}

function remember(
  map: Map<string, Map<string, Node>>,
  key: string,
  value: string,
  node: Node,
): void {
  const known = map.get(key) ?? new Map<string, Node>();
  map.set(key, known);
  if (!known.has(value)) known.set(value, node);
}

function attributes(
  node: Node,
  { attributes: given, schemaUrl }: Resource,
  data: Data,
  found: Findings,
): void {
  const { service } = node.span;
  const has = (name: string): boolean => given[name] !== undefined && given[name] !== '';
  // A page has no process: browsers tell nothing of it.
  const isPage = given['telemetry.sdk.language'] === 'webjs' || !data.serving.has(service);
  if (!has('service.version')) found.add('T35b', service, node);
  if (!has('service.instance.id') && !isPage) found.add('T35c', service, node);
  if (!isPage && !['name', 'language', 'version'].every((part) => has(`telemetry.sdk.${part}`)))
    found.add('T35e', service, node);
  for (const name of Object.keys(given)) {
    const instead = WITHDRAWN.get(name);
    if (instead !== undefined) found.add('T35g', `${name}${instead && `, now ${instead}`}`, node);
  }
  if (schemaUrl !== '') schema(schemaUrl, 'resource', node, given, found);
}

/** Of one process: the same host, container, number and start. */
function identity(
  node: Node,
  { attributes: given }: Resource,
  instances: Map<string, Map<string, Node>>,
  processes: Map<string, Map<string, Node>>,
): void {
  const id = given['service.instance.id'];
  if (typeof id !== 'string' || id === '') return;
  const where = ['host.name', 'host.id', 'container.id', 'k8s.pod.name', 'process.pid'].map(
    (name) => given[name],
  );
  if (where.every((it) => it === undefined)) return;
  const { service } = node.span;
  const place = JSON.stringify(where);
  remember(instances, JSON.stringify([service, id]), place, node);
  if (given['process.pid'] !== undefined && where.slice(0, 4).some((it) => it !== undefined))
    remember(processes, JSON.stringify([service, given['process.creation.time'], place]), id, node);
}

function scope(node: Node, found: Findings): void {
  const { form, scope: by, resource, service, attributes: given } = node.span;
  if (form !== 'otlp' || !by) return;
  if (by.name === '') {
    found.add('T37a', `spans of ${service}`, node);
    return;
  }
  if (by.version === '') found.add('T37b', by.name, node);
  if (by.schemaUrl === '' && (resource?.schemaUrl ?? '') === '')
    found.add('T37c', `${service}: ${by.name}`, node);
  else schema(by.schemaUrl || (resource?.schemaUrl ?? ''), by.name, node, given, found);
}

/** The newest release that may be named; a later one is a mistake more often than the future. */
const NEWEST = 60;

/** Names, and the release of the conventions that brought them. */
const SINCE: readonly (readonly [string, number])[] = [
  ['http.request.method', 21],
  ['http.response.status_code', 21],
  ['url.full', 21],
  ['url.path', 21],
  ['server.address', 21],
  ['db.query.text', 26],
  ['db.collection.name', 26],
  ['deployment.environment.name', 27],
  ['messaging.operation.type', 26],
  ['messaging.operation.name', 27],
  ['db.system.name', 30],
  ['code.function.name', 30],
];
function schema(
  url: string,
  where: string,
  node: Node,
  given: Node['span']['attributes'],
  found: Findings,
): void {
  const [, host = '', release = ''] =
    /^https?:\/\/([^/]+)\/(?:[^?#]*\/)?(\d+\.\d+\.\d+)$/.exec(url) ?? [];
  if (host === '') found.add('T37d', `${where}: it is no schema URL`, node);
  if (host !== 'opentelemetry.io') return; // somebody's own schema
  const [major = 0, minor = 0] = release.split('.').map(Number);
  if (major !== 1 || minor > NEWEST) {
    found.add('T37d', `${where}: there is no release ${release}`, node);
    return;
  }
  for (const [name, since] of SINCE)
    if (minor < since && name in given)
      found.add('T37d', `${where}: ${release} has no ${name}`, node);
}
