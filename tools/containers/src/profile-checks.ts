import { CommandError } from '@sockshop/cli';
import { secondVersions } from './canary.ts';
import type { Profile } from './options.ts';
import type { Place } from './place.ts';
import { purchase, traceOf } from './purchase.ts';
import { until } from './until.ts';

/** What must be seen of each profile, while it is up. */
export const PROFILE_CHECKS: Readonly<Record<Profile, (place: Place) => Promise<string>>> = {
  canary: secondVersions,
  load: ordersOfLoad,
  observability: targetsAndSeries,
  'zipkin-mysql': traceAfterRestart,
  logs: linesOfTrace,
  collector: traceInJaeger,
};

async function ordersOfLoad({ stack }: Place): Promise<string> {
  const placed = (line: string) => Number(/(\d+) orders?/.exec(line)?.[1] ?? 0);
  const said = await until(
    () => stack.compose('logs', '--no-log-prefix', '--tail', '1', 'load'),
    (line) => placed(line) > 0,
    'orders of the container `load`',
  );
  return said.trim();
}

interface Answer<T> {
  readonly data: T;
}

async function targetsAndSeries({ at }: Place): Promise<string> {
  await purchase(at.shop);
  interface Targets {
    readonly activeTargets: readonly {
      readonly health: string;
      readonly labels: { readonly name?: string };
    }[];
  }
  const { activeTargets } = await until(
    async () => (await json<Answer<Targets>>(`${at.prometheus}/api/v1/targets?state=active`)).data,
    (targets) =>
      targets.activeTargets.length >= 10 &&
      targets.activeTargets.every(({ health }) => health === 'up'),
    'all targets up',
  );
  const query = encodeURIComponent('sum by (name) (request_duration_seconds_count)');
  const { result } = await until(
    async () =>
      (await json<Answer<{ result: unknown[] }>>(`${at.prometheus}/api/v1/query?query=${query}`))
        .data,
    (data) => data.result.length >= 7,
    'request_duration_seconds of seven services',
  );
  const { groups } = (
    await json<Answer<{ groups: { rules: unknown[] }[] }>>(`${at.prometheus}/api/v1/rules`)
  ).data;
  const rules = groups.flatMap((group) => group.rules).length;
  if (rules === 0) throw new CommandError('Prometheus has no rules');
  return `${activeTargets.length} targets up, series of ${result.length} services, ${rules} rules`;
}

async function traceAfterRestart({ stack, at }: Place): Promise<string> {
  const { traceId } = await purchase(at.shop);
  const before = await traceOf(at.zipkin, traceId);
  await stack.compose('restart', 'zipkin');
  await stack.ready('zipkin');
  const after = await traceOf(at.zipkin, traceId);
  return `a trace of ${before.length} spans has ${after.length} after Zipkin was restarted`;
}

/** One JSON object a line. */
async function linesOfTrace({ at }: Place): Promise<string> {
  const { traceId } = await purchase(at.shop);
  const query = encodeURIComponent(`trace_id:="${traceId}" | fields service.name`);
  const services = await until(
    async () =>
      new Set(
        (await text(`${at.logs}/select/logsql/query?query=${query}`)).split('\n').filter(Boolean),
      ),
    (found) => found.size >= 2,
    `log lines of trace ${traceId} from two services`,
  );
  return `lines of an order from ${services.size} services`;
}

async function traceInJaeger({ at }: Place): Promise<string> {
  const { traceId } = await purchase(at.shop);
  const spans = await traceOf(at.zipkin, traceId);
  interface JaegerTrace {
    readonly data: readonly { readonly spans: readonly unknown[] }[];
  }
  const { data } = await until(
    () => json<JaegerTrace>(`${at.jaeger}/api/traces/${traceId}`),
    (answer) => answer.data[0]?.spans.length === spans.length,
    `the ${spans.length} spans of trace ${traceId} in Jaeger`,
  );
  return `${data[0]?.spans.length ?? 0} spans in Jaeger, as many as in Zipkin`;
}

async function text(url: string): Promise<string> {
  const response = await fetch(url);
  const body = await response.text();
  if (!response.ok)
    throw new CommandError(`${url} answered ${response.status}: ${body.slice(0, 200)}`);
  return body;
}

async function json<T>(url: string): Promise<T> {
  return JSON.parse(await text(url)) as T; // as the server's API says
}
