import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as known from '@opentelemetry/semantic-conventions/incubating';
import { SCHEMA_URL } from '../src/scope.ts';
import * as own from '../src/semconv.ts';

const entry = createRequire(import.meta.url).resolve('@opentelemetry/semantic-conventions');
const { version } = JSON.parse(
  readFileSync(join(dirname(entry), '../package.json'), 'utf8'), // which the package does not export
) as { version: string };

/** Names that no convention has; the seeds' readers know the last three. */
const OWN = [
  'link.reason',
  'wait.duration',
  'mvc.controller.class',
  'mvc.controller.method',
  'user-name',
];

describe('the schema URL', () => {
  it('names the release of the conventions from which the names come', () => {
    expect(SCHEMA_URL).toBe(`https://opentelemetry.io/schemas/${version}`);
  });

  it.each(
    Object.entries(own).filter(([, name]) => typeof name === 'string' && !OWN.includes(name)),
  )('is true of %s: that release has %s', (_constant, name) => {
    expect(Object.values(known)).toContain(name);
  });
});
