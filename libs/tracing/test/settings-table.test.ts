import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tracingConfig } from '../src/tracing-config.ts';
import { SETTING_CASES } from './setting-cases.ts';

const ROOT = join(import.meta.dirname, '../../..');
const text = (pattern: string): string =>
  globSync(pattern, { cwd: ROOT, exclude: (name) => /node_modules|dist/.test(name) })
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n');

const rows = readFileSync(join(ROOT, 'docs/tracing-settings.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| `[A-Z]/.test(line))
  .map((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const titles = [...(cells.at(-2) ?? '').matchAll(/`([^`]+)`/g)].map(([, title]) => title!);
    return { variable: cells[1]!.replaceAll('`', ''), titles };
  });
const documented = rows.map(({ variable }) => variable);

/** Names that `tracingConfig` asks its environment for. */
function variablesRead(): string[] {
  const asked = new Set<string>();
  const env = new Proxy<Record<string, string>>(
    {},
    {
      get: (_env, name) => {
        asked.add(String(name));
        return undefined;
      },
    },
  );
  tracingConfig(env);
  return [...asked];
}

describe('docs/tracing-settings.md', () => {
  it('has a row for each variable that the code reads', () => {
    const source = text('{libs,services,deploy}/*/src/**/*.ts');
    const named = [...source.matchAll(/['"`[](OTEL_[A-Z0-9_]+)['"`\]]/g)].map(([, name]) => name!);
    const complete = named.filter((name) => name !== 'OTEL_EXPORTER_OTLP');
    const missing = [...variablesRead(), ...complete].filter((name) => !documented.includes(name));
    expect([...new Set(missing)]).toEqual([]);
  });

  it('has one row a variable, and none that no code reads', () => {
    expect(new Set(documented).size).toBe(documented.length);
    const source = text('{libs,services,deploy}/*/src/**/*.ts');
    const known = new Set([...variablesRead(), ...SETTING_CASES.map(({ variable }) => variable)]);
    const idle = documented.filter((name) => !known.has(name) && !source.includes(name));
    expect(idle).toEqual([]);
  });

  it('names tests that exist', () => {
    const tests = text('{libs,services,deploy,e2e}/{*/test,test}/*.ts');
    const understood = SETTING_CASES.map(({ variable }) => `understands ${variable}`);
    const unknown = rows.flatMap(({ variable, titles }) =>
      titles.length === 0
        ? [`${variable}: no test`]
        : titles.filter((title) => !understood.includes(title) && !tests.includes(title)),
    );
    expect(unknown).toEqual([]);
  });
});
