import { aligned } from '@sockshop/cli';
import { percent } from './judge.ts';
import type { InstanceView, MeshView, ServiceView, VersionView } from './view.ts';

const HEAD = ['service', 'version', 'instance', 'state', 'share', 'port', 'pid', 'restarts'];
const FIGURES = ['requests', 'errors', 'mean ms', 'memory MiB', 'cpu'];

/** A row for each instance, then what else is set. */
export function statusText({ url, statistics, services }: MeshView): string {
  const rows = services.flatMap((service) =>
    service.versions.flatMap((version) =>
      version.instances.map((instance) => row(service, version, instance)),
    ),
  );
  const shown = statistics === undefined ? '' : `; the router's statistics: ${statistics}`;
  const table = aligned([[...HEAD, ...FIGURES], ...rows], 4);
  return [table, '', ...services.flatMap(further), `${url}${shown}`].join('\n');
}

function row({ name }: ServiceView, version: VersionView, instance: InstanceView): string[] {
  const { requests, errors, meanMs } = instance.figures ?? {};
  const numbers = [instance.port, instance.pid, instance.restarts, requests, errors, meanMs];
  return [
    name,
    version.version,
    instance.name,
    instance.state,
    version.share === undefined ? '–' : `${version.share} %`,
    ...[...numbers, instance.memoryMiB, instance.cpu].map((value) => String(value ?? '–')),
  ];
}

function further({ name, versions, ...set }: ServiceView): string[] {
  const { variant, limit, breaker, running, canary } = set;
  const builds = versions.flatMap(({ version, from, set = [] }) => {
    const variables = set.length === 0 ? '' : `, with ${set.join(', ')} set`;
    return from === 'this build' && variables === '' ? [] : [`${version} is ${from}${variables}`];
  });
  const all = [
    ...builds,
    variant &&
      `requests with the ${'cookie' in variant ? `cookie ${variant.cookie}` : `header ${variant.header}`} go to ${variant.version}`,
    limit && `${limit.perSecond} requests a second from one client`,
    breaker &&
      `circuit breaker: ${Object.entries(breaker)
        .map(([what, value]) => `${what} ${String(value)}`)
        .join(', ')}`,
    canary &&
      `canary ${canary.version}: ${canary.state} at ${canary.share} %, ${canary.requests} of ${canary.of} requests, ${percent(canary.errors / Math.max(1, canary.requests))} failed${canary.why === undefined ? '' : `: ${canary.why}`}`,
    running && `${running.command} is at work${running.says && `: ${running.says}`}`,
  ];
  return all.filter((line) => line !== undefined).map((line) => `${name}: ${line}`);
}
