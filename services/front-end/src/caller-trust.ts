import type { CallerTrust } from '@sockshop/tracing/fastify';
import { z } from 'zod';

const NOTHING: CallerTrust = { parent: false, sampled: false, debug: false, baggage: new Set() };

/**
 * `TRACE_TRUST`: what the edge believes of the trace context that its callers send. `all`, `none`, or a list of `parent`, `sampled`, `debug`,
 * `baggage` and `baggage:KEY`. Undefined: all.
 */
export const callerTrust = z.string().transform((text, context): CallerTrust | undefined => {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.includes('all')) return undefined;
  const keys = words.flatMap((word) => /^baggage:(.+)$/.exec(word)?.[1] ?? []);
  const known = new Set(['none', 'parent', 'sampled', 'debug', 'baggage']);
  const unknown = words.find((word) => !known.has(word) && !/^baggage:./.test(word));
  if (unknown !== undefined) {
    context.addIssue(`${unknown} is not all, none, parent, sampled, debug, baggage or baggage:KEY`);
  }
  if (words.includes('none')) return NOTHING;
  return {
    parent: words.includes('parent'),
    sampled: words.includes('sampled'),
    debug: words.includes('debug'),
    baggage: words.includes('baggage') || new Set(keys),
  };
});
