import type { Data } from './data.ts';
import type { Findings } from './finding.ts';
import { isRedacted, isSecretName, type Secret, secretsIn } from './secrets.ts';
import { safe } from './safe-text.ts';
import type { Attributes, Value } from './span.ts';

const RULE_OF = { card: 'T12a', credential: 'T12b', 'e-mail': 'T12c' } as const;
/** Programs that visit sites name their owner's address in it. */
const HARMLESS = new Set([
  'user_agent.original',
  'http.user_agent',
  'session.id', // of the conventions: it grants no access
  'session.previous_id',
]);

/** Whether spans contain secrets. Findings name the place, never the value. */
export function checkSecrets(data: Data, found: Findings): void {
  const search = remembering();
  const seen = new Set<Attributes>();
  for (const trace of data.traces)
    for (const node of trace.nodes) {
      const { span } = node;
      const report = (kinds: ReadonlySet<Secret>, place: string): void => {
        for (const kind of kinds) found.add(RULE_OF[kind], `${place} on ${span.service}`, node);
      };
      const all = (attributes: Attributes, place: string): void => {
        for (const name of Object.keys(attributes))
          report(search(name, attributes[name]), `${place}${safe(name, 80)}`);
      };
      all(span.attributes, 'attribute ');
      report(search('', span.name), 'the name of a span');
      if (span.statusMessage !== undefined && span.form === 'otlp')
        report(search('', span.statusMessage), 'the description of the status');
      if (span.traceState !== '') report(search('', span.traceState), 'tracestate');
      for (const event of span.events) {
        report(search('', event.name), 'the name of an event');
        all(event.attributes, `event ${safe(event.name, 40)}: `);
      }
      for (const link of span.links) all(link.attributes, 'a link: ');
      if (span.resource && !seen.has(span.resource.attributes)) {
        seen.add(span.resource.attributes);
        all(span.resource.attributes, 'resource attribute ');
      }
    }
}

const NOTHING: ReadonlySet<Secret> = new Set();
const CREDENTIAL: ReadonlySet<Secret> = new Set<Secret>(['credential']);
const CARD: ReadonlySet<Secret> = new Set<Secret>(['card']);

/** Most values of an attribute are few: each is searched once. */
function remembering(): (name: string, value: Value | undefined) => ReadonlySet<Secret> {
  const known = new Map<string, ReadonlySet<Secret>>();
  const names = new Map<string, boolean>();
  return (name, value) => {
    if (typeof value === 'boolean' || value === null || value === undefined || HARMLESS.has(name))
      return NOTHING;
    const written = typeof value === 'string' ? value : JSON.stringify(value);
    if (written.length < 3) return NOTHING;
    const key = `${name}=${written}`;
    const before = known.get(key);
    if (before) return before;
    let isSecret = names.get(name);
    if (isSecret === undefined) {
      isSecret = isSecretName(name);
      if (names.size < 10_000) names.set(name, isSecret);
    }
    const result = isSecret ? ofSecretName(name, value, written) : secretsIn(written);
    if (known.size < 100_000 && written.length < 1000) known.set(key, result);
    return result;
  };
}

function ofSecretName(name: string, value: Value, written: string): ReadonlySet<Secret> {
  const values = Array.isArray(value) ? value : [value];
  const open = values.filter((it) => typeof it === 'string' && !isRedacted(it));
  const isNumber =
    typeof value === 'number' &&
    /cvv|ccv|cvc|pin|card|longnum|otp|passw|passwd|pwd|ssn/i.test(name);
  if (open.length === 0 && !isNumber) return NOTHING;
  const inside = secretsIn(written);
  return inside.size > 0 ? inside : /card|longnum|cvv|ccv|cvc/i.test(name) ? CARD : CREDENTIAL;
}
