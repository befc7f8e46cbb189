import { describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

jest.setTimeout(120_000);

const ROOT = join(import.meta.dirname, '../../..');
const LIB = join(ROOT, 'libs/tracing');

describe('the API reference of libs/tracing', () => {
  it('has every way into the package', () => {
    const read = (file: string): unknown => JSON.parse(readFileSync(join(LIB, file), 'utf8'));
    const { entryPoints } = read('typedoc.json') as { entryPoints: string[] };
    const { exports } = read('package.json') as { exports: Record<string, { default: string }> };
    const sources = Object.values(exports).map((entry) =>
      entry.default.replace(/^\.\/dist\/(.*)\.js$/, 'src/$1.ts'),
    );
    expect([...entryPoints].sort()).toEqual(sources.sort());
  });

  it('has a comment for each class, function and type that is exported', async () => {
    const typedoc = join(ROOT, 'node_modules/typedoc/bin/typedoc');
    const args = [typedoc, '--options', join(LIB, 'typedoc.json'), '--emit', 'none'];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
    const bare = (stdout + stderr)
      .split('\n')
      .map((line) =>
        /([\w-]+\.\w+) \((?:Class|Interface|Function|TypeAlias)\).*not have any/.exec(line),
      )
      .flatMap((match) => match?.[1] ?? []);
    expect(bare).toEqual([]);
    expect(stdout + stderr).toContain('warnings');
  });
});
