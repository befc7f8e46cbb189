import type { Data } from './data.ts';
import { text, title } from './facts.ts';
import type { Findings } from './finding.ts';
import type { Node } from './forest.ts';
import { hasId, withoutIds } from './ids-in-text.ts';

/** Attributes by which spans are grouped. */
const TEMPLATES = [
  ...['http.route', 'url.template', 'messaging.destination.name', 'messaging.destination.template'],
  ...[
    'db.collection.name',
    'db.query.summary',
    'db.operation.name',
    'rpc.method',
    'code.function.name',
  ],
  ...['mvc.controller.class', 'mvc.controller.method', 'service.peer.name'],
];

/** Distinct names of one service and kind. */
const MOST_NAMES = 100;

/** Whether names are few. */
export function checkNames(data: Data, found: Findings): void {
  const names = new Map<string, Map<string, Node>>();
  const ids = new Map<string, boolean>();
  const isIdIn = (value: string): boolean => {
    let known = ids.get(value);
    if (known === undefined) {
      known = hasId(value);
      if (ids.size < 100_000) ids.set(value, known);
    }
    return known;
  };
  for (const trace of data.traces)
    for (const node of trace.nodes) {
      const { span } = node;
      if (isIdIn(span.name) && !isOnlyItsTemplate(node))
        found.add('T03a', title({ ...span, name: withoutIds(span.name) }), node);
      for (const name of TEMPLATES) {
        const value = text(span, name);
        if (value === undefined || !isIdIn(value)) continue;
        const isTemporary =
          name === 'messaging.destination.name' && text(span, 'messaging.destination.template');
        if (!isTemporary)
          found.add('T03c', `${name} on ${span.service}: ${withoutIds(value)}`, node);
      }
      const key = `${span.service} ${span.kind}`;
      const known = names.get(key) ?? new Map<string, Node>();
      names.set(key, known);
      if (known.size <= MOST_NAMES && !known.has(span.name)) known.set(span.name, node);
    }
  for (const [key, known] of names)
    if (known.size > MOST_NAMES)
      for (const node of known.values())
        found.add('T03d', `${key} spans have more than ${MOST_NAMES} names`, node);
}

/** The name repeats an attribute that has a finding of its own. */
function isOnlyItsTemplate({ span }: Node): boolean {
  const given = span.name.toLowerCase();
  return TEMPLATES.some((name) => {
    const value = text(span, name)?.toLowerCase();
    return value !== undefined && given.includes(value) && hasId(value);
  });
}
