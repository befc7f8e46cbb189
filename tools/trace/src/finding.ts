import type { Node } from './forest.ts';
import { safe } from './safe-text.ts';
import { RULES, type RuleId, type Severity } from './rules.ts';

/** One cause, however many spans show it. */
export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly title: string;
  /** What is wrong where; never contains a secret. */
  readonly cause: string;
  readonly spans: number;
  readonly traces: number;
  readonly services: readonly string[];
  /** Undefined where it is about no span, such as an edge that is missing. */
  readonly example: Example | undefined;
  readonly advice: string;
}

interface Example {
  readonly traceId: string;
  readonly spanId: string;
  readonly service: string;
  readonly name: string;
}

interface Group {
  readonly rule: RuleId;
  readonly cause: string;
  readonly services: Set<string>;
  readonly first: Node | undefined;
  last: string | undefined;
  spans: number;
  traces: number;
}

/** Beyond them, the causes of a rule are counted together: a report of a million lines helps no one. */
const MOST_CAUSES = 50;
const MOST_SERVICES = 20;

/** Collects findings. Spans come in the order of their ids, so the same spans give the same report in any order. */
export class Findings {
  private readonly groups = new Map<string, Group>();
  private readonly causes = new Map<RuleId, number>();

  constructor(private readonly on: (rule: RuleId) => boolean = () => true) {}

  /** The cause is the key of the finding; `spans` where it is about several. */
  add(rule: RuleId, cause: string, node?: Node, spans = 1): void {
    if (!this.on(rule)) return;
    const group = this.group(rule, safe(cause, 400), node);
    group.spans += node ? spans : 0;
    if (!node) return;
    if (node.trace.key !== group.last) group.traces++;
    group.last = node.trace.key;
    if (group.services.size < MOST_SERVICES) group.services.add(node.span.service);
  }

  private group(rule: RuleId, cause: string, first: Node | undefined): Group {
    const key = `${rule} ${cause}`;
    const known = this.groups.get(key);
    if (known) return known;
    const count = (this.causes.get(rule) ?? 0) + 1;
    if (count > MOST_CAUSES + 1) return this.group(rule, MORE, first);
    this.causes.set(rule, count);
    const text = count > MOST_CAUSES ? MORE : cause;
    const services = new Set<string>();
    const group: Group = {
      rule,
      cause: text,
      services,
      first,
      last: undefined,
      spans: 0,
      traces: 0,
    };
    this.groups.set(`${rule} ${text}`, group);
    return group;
  }

  /** Worst first, then by rule and by how many spans show it. */
  list(): Finding[] {
    return [...this.groups.values()]
      .map(({ rule, cause, services, first, spans, traces }) => ({
        rule,
        severity: RULES[rule].severity,
        title: RULES[rule].title,
        cause,
        spans,
        traces,
        services: [...services].map((name) => safe(name, 80)).sort(),
        example: first && {
          traceId: safe(first.span.traceId, 64),
          spanId: safe(first.span.id, 64),
          service: safe(first.span.service, 80),
          name: safe(first.span.name, 120),
        },
        advice: RULES[rule].advice,
      }))
      .sort(
        (one, other) =>
          SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
          compare(one.rule, other.rule) ||
          other.spans - one.spans ||
          compare(one.cause, other.cause),
      );
  }
}

const MORE = 'and further causes of the same kind';

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
