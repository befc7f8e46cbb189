import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as known from '@opentelemetry/semantic-conventions/incubating';
import { SCHEMA_URL } from '../src/scope.ts';
import * as own from '../src/semconv.ts';

const entry = createRequire(import.meta.url).resolve('@opentelemetry/semantic-conventions');
const declarations = readFileSync(join(dirname(entry), 'experimental_attributes.d.mts'), 'utf8');
/** Names that the installed release withdraws. */
const WITHDRAWN = new Set(
  [
    ...declarations.matchAll(
      /\/\*\*(?:(?!\*\/)[^])*@deprecated(?:(?!\*\/)[^])*\*\/\s*declare const \w+: "([^"]+)"/g,
    ),
  ].map(([, name]) => name),
);
/** In use until readers know release 1.45, which renames them. */
const RENAMED_LATER = [
  'enduser.pseudo.id',
  'messaging.rabbitmq.message.delivery_tag',
  'messaging.rabbitmq.destination.routing_key',
  'messaging.system',
  'service.peer.name',
];

/** Names that no convention has; the seeds' readers know the last three. */
const OWN = [
  'link.reason',
  'wait.duration',
  'mvc.controller.class',
  'mvc.controller.method',
  'user-name',
];

describe('the schema URL', () => {
  it('names the last release that has all our names', () => {
    const names = Object.values(own).filter((name) => WITHDRAWN.has(name));
    expect(names.sort()).toEqual(RENAMED_LATER.toSorted());
    expect(SCHEMA_URL).toBe('https://opentelemetry.io/schemas/1.44.0');
  });

  it.each(
    Object.entries(own).filter(([, name]) => typeof name === 'string' && !OWN.includes(name)),
  )('is true of %s: the conventions have %s', (_constant, name) => {
    expect(Object.values(known)).toContain(name);
  });
});
