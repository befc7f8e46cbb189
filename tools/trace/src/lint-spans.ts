import { checkDatabase } from './check-database.ts';
import { checkEdges, type DependencyLink } from './check-edges.ts';
import { checkForm } from './check-form.ts';
import { checkHops } from './check-hops.ts';
import { checkHttp } from './check-http.ts';
import { checkMessaging } from './check-messaging.ts';
import { checkNames } from './check-names.ts';
import { checkResource } from './check-resource.ts';
import { checkSecrets } from './check-secrets.ts';
import { checkStatus } from './check-status.ts';
import { checkStructure } from './check-structure.ts';
import { checkTime } from './check-time.ts';
import { checkTraces } from './check-traces.ts';
import { dataOf, DEFAULTS, type LintOptions } from './data.ts';
import { type Finding, Findings } from './finding.ts';
import { forestOf } from './forest.ts';
import { checkRed, type ServiceMetrics } from './red.ts';
import type { RuleId } from './rules.ts';
import type { Span } from './span.ts';

export interface Report {
  readonly spans: number;
  readonly traces: number;
  readonly services: readonly string[];
  readonly findings: readonly Finding[];
}

interface Beside {
  /** The service map that Zipkin draws of the same traces. */
  readonly drawn?: readonly DependencyLink[] | undefined;
  readonly on?: (rule: RuleId) => boolean;
  readonly metrics?: readonly ServiceMetrics[];
}

const CHECKS = [
  checkStructure,
  checkHops,
  checkTime,
  checkStatus,
  checkHttp,
  checkDatabase,
  checkMessaging,
  checkNames,
  checkSecrets,
  checkResource,
  checkForm,
  checkTraces,
];

/** All that is wrong with the spans. Their order does not matter. */
export function lintSpans(
  spans: readonly Span[],
  options: Partial<LintOptions> = {},
  { drawn, on, metrics = [] }: Beside = {},
): Report {
  const traces = forestOf(spans);
  const data = dataOf(traces, { ...DEFAULTS, ...options });
  const found = new Findings(on);
  for (const check of CHECKS) check(data, found);
  checkEdges(data, drawn, found);
  checkRed(traces, metrics, found);
  const services = [...new Set(spans.map(({ service }) => service))].sort();
  return { spans: spans.length, traces: traces.length, services, findings: found.list() };
}
