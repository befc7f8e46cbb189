import { type ServiceName, SERVICE_NAMES } from '@sockshop/parts';
import type { Part, State } from '@sockshop/supervisor';

/** As Prometheus' file discovery reads it. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** The original's names of these jobs differ from those of the services. */
const JOBS: Readonly<Partial<Record<ServiceName, string>>> = {
  'front-end': 'frontend',
  carts: 'cart',
};

/** What has figures in this shop: each instance of a service, and the servers that have some. */
export function targetsOf({ parts }: Pick<State, 'parts'>): TargetGroup[] {
  return parts.flatMap((part) => {
    const url = metricsUrlOf(part);
    return url === undefined ? [] : [target(part.name, new URL(url))];
  });
}

function metricsUrlOf({ name, kind, url, metricsUrl }: Part): string | undefined {
  if (metricsUrl !== undefined) return metricsUrl;
  return kind === 'service' && serviceOf(name) && url ? `${url}/metrics` : undefined;
}

function target(part: string, { host, pathname }: URL): TargetGroup {
  const service = serviceOf(part);
  const job = service ? (JOBS[service] ?? service) : part;
  return {
    targets: [host],
    labels: { name: service ?? part, job, __metrics_path__: pathname },
  };
}

/** `orders-2` and `orders-v2-1` are instances of orders. */
function serviceOf(part: string): ServiceName | undefined {
  return SERVICE_NAMES.find((name) => part === name || part.startsWith(`${name}-`));
}
