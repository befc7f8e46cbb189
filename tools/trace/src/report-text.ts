import type { Finding } from './finding.ts';
import type { Report } from './lint-spans.ts';

/** The report as a person reads it. */
export function reportText({ spans, traces, services, findings }: Report): string {
  const read = `${count(spans, 'span')} in ${count(traces, 'trace')} of ${count(services.length, 'service')}`;
  if (findings.length === 0) return `${read}: nothing is wrong.`;
  const parts = (['error', 'warning', 'note'] as const)
    .map(
      (severity) =>
        [findings.filter((each) => each.severity === severity).length, severity] as const,
    )
    .filter(([number]) => number > 0)
    .map(([number, severity]) => count(number, severity));
  return [`${read}: ${parts.join(', ')}.`, ...findings.map(findingText)].join('\n\n');
}

function findingText({
  rule,
  severity,
  title,
  cause,
  spans,
  traces,
  services,
  example,
  advice,
}: Finding): string {
  const where = spans > 0 ? ` (${count(spans, 'span')} in ${count(traces, 'trace')})` : '';
  const more = services.length > 1 ? [`services: ${services.join(', ')}`] : [];
  const first =
    example &&
    `e.g. trace ${example.traceId}, span ${example.spanId} of ${example.service || 'no service'}: ${example.name}`;
  const lines = [`${cause}${where}`, ...more, ...(first ? [first] : []), `→ ${advice}`];
  return [`${severity} ${rule}  ${title}`, ...lines.map((line) => `  ${line}`)].join('\n');
}

function count(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
}
