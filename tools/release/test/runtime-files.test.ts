import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packagesOf, runtimeFiles } from '../src/runtime-files.ts';

describe('the files that a program needs at run time', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'workspace-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });
  const write = (path: string, content = ''): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const manifest = (folder: string, name: string): void => {
    write(
      `${folder}/package.json`,
      JSON.stringify({ name, type: 'module', exports: './index.js' }),
    );
  };

  it('are what it imports, with licences, compiled parts for the machine, and its pages and pictures', async () => {
    write(
      'services/socks/dist/main.js',
      `import '@shop/lib'; await import('./socks.js'); import 'sealed';
      import { join } from 'node:path';
      export const DATA = join(import.meta.dirname, '../../../.sockshop');`,
    );
    const needed = [
      'services/socks/dist/socks.js',
      'services/socks/dist/storefront/index.html',
      'services/socks/images/sock.jpg',
      'node_modules/one/index.js',
      'node_modules/one/LICENSE',
      'node_modules/sealed/index.js',
      'node_modules/sealed/prebuilds/linux-arm64/sealed.node',
    ];
    const unneeded = [
      '.sockshop/embedded/session.key',
      'services/socks/dist/main.d.ts',
      'services/socks/dist/main.js.map',
      'services/socks/dist/.tsbuildinfo',
      'services/socks/src/main.ts',
      'services/other/dist/main.js',
      'libs/lib/unused.js',
      'node_modules/one/README.md',
      'node_modules/one/unused.js',
      'node_modules/sealed/prebuilds/linux-x64/sealed.node',
      'node_modules/sealed/prebuilds/linux-arm64/sealed.bare',
      'node_modules/unused/index.js',
    ];
    for (const path of [...needed, ...unneeded]) write(path);
    manifest('libs/lib', '@shop/lib');
    manifest('node_modules/one', 'one');
    manifest('node_modules/sealed', 'sealed');
    write('libs/lib/index.js', "import 'one';");
    mkdirSync(join(root, 'node_modules/@shop'));
    symlinkSync('../../libs/lib', join(root, 'node_modules/@shop/lib'));

    const machine = { platform: 'linux', arch: 'arm64' };
    const files = (await runtimeFiles(root, ['services/socks'], [machine])).get('services/socks');
    expect([...files!].sort()).toEqual(
      [
        ...needed,
        'services/socks/dist/main.js',
        'node_modules/@shop/lib',
        'libs/lib/index.js',
        'libs/lib/package.json',
        'node_modules/one/package.json',
        'node_modules/sealed/package.json',
      ].sort(),
    );
  });

  it('come from packages, also inside of others', () => {
    const files = [
      'libs/lib/index.js',
      'node_modules/@shop/lib',
      'node_modules/one/index.js',
      'node_modules/one/lib/index.js',
      'node_modules/@two/one/node_modules/one/index.js',
    ];
    expect([...packagesOf(files)]).toEqual([
      'node_modules/one',
      'node_modules/@two/one/node_modules/one',
    ]);
  });
});
