import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyProject, packed } from '../src/packed.ts';
import { traceOf, WAYS } from '../src/programs.ts';

jest.setTimeout(60_000);

const MODULES = join(import.meta.dirname, '../../../node_modules');

describe('the package of libs/tracing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'package-check-'));
  const project = join(folder, 'project');
  const installed = join(project, 'node_modules/@sockshop/tracing');
  let files: readonly string[];

  beforeAll(async () => {
    const made = await packed(folder);
    files = made.files;
    emptyProject(project);
    mkdirSync(installed, { recursive: true });
    execFileSync('tar', ['-xzf', made.path, '-C', installed, '--strip-components=1']);
    symlinkSync(join(MODULES, '@opentelemetry'), join(project, 'node_modules/@opentelemetry'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('contains what others need, and nothing else', () => {
    const other = files.filter((path) => !/^dist\/[\w-]+(\.d\.ts|\.js)$/.test(path));
    expect(other.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      exports: Record<string, { types: string; default: string }>;
      dependencies: Record<string, string>;
    };
    const entries = Object.values(manifest.exports).flatMap((entry) => Object.values(entry));
    expect(entries.filter((path) => !files.includes(path.slice(2)))).toEqual([]);
    expect(Object.keys(manifest.dependencies).join()).not.toContain('@sockshop/');
  });

  it('has nothing of the shop in its code', () => {
    const code = globSync('dist/*.js', { cwd: installed })
      .map((file) => readFileSync(join(installed, file), 'utf8'))
      .join('\n');
    expect(
      code.match(/sock-shop|SOCKSHOP|sockshop\.|front-end|catalogue|queue-master/g),
    ).toBeNull();
  });

  it.each(WAYS)('works alone in an empty project, with %s', async (way) => {
    expect(await traceOf(project, process.execPath, way, 'alone')).toBe(
      [
        'trace 463ac35c9f6413ad48485a3953bb6124',
        'SERVER socks get /socks',
        '  LOCAL socks pack',
        '    LOCAL socks own span',
        '    CLIENT socks get /weight',
        '      SERVER socks get /weight',
      ].join('\n'),
    );
  });
});
