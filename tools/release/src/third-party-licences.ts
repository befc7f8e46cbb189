import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LICENCE } from './runtime-files.ts';

const HEAD =
  'The shop contains these packages. Those in its pages are listed in files beside the pages: licences-*.md.';

/** The licences of npm's packages in one text. `folders` are their paths in the workspace. */
export function thirdPartyLicences(root: string, folders: Iterable<string>): string {
  const byName = new Map<string, string>();
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(
      readFileSync(join(root, folder, 'package.json'), 'utf8'),
    ) as { name: string; version: string; license?: string };
    const texts = readdirSync(join(root, folder))
      .filter((file) => LICENCE.test(file))
      .map((file) => readFileSync(join(root, folder, file), 'utf8').trim());
    byName.set(
      `${name}@${version}`,
      [`${name} ${version}: ${license ?? 'see below'}`, ...texts].join('\n\n'),
    );
  }
  const sections = [...byName.keys()].sort().map((key) => byName.get(key) ?? '');
  return `${[HEAD, ...sections].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
