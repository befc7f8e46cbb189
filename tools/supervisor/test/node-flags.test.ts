import { afterEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { launchOf } from '../../../deploy/commands.mjs';
import { PROFILES, serviceFlags } from '../src/node-flags.ts';

const read = (file: string): string =>
  readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');

/** The flags of Node before the program that `npm run NAME -- WORDS` starts. */
function flagsOf(name: string, ...words: string[]): string[] {
  const { parameters } = launchOf(name, words);
  return parameters.slice(
    0,
    parameters.findIndex((each) => !each.startsWith('--')),
  );
}

describe("Node's flags", () => {
  afterEach(() => {
    delete process.env['SHOP_PROFILE'];
  });
  const fast = flagsOf('start');
  const small = flagsOf('start', '--profile', 'small');

  it('of the embedded way follow the profile: the option, else the variable, else fast', () => {
    expect(small).toContain('--optimize-for-size');
    expect(fast).not.toContain('--optimize-for-size');
    expect(flagsOf('start', '--port', '0', '--profile=small')).toEqual(small);
    expect(flagsOf('start', '--profile', 'small', '--profile', 'fast')).toEqual(fast);
    process.env['SHOP_PROFILE'] = 'small';
    expect(flagsOf('start')).toEqual(small);
    expect(flagsOf('start', '--profile', 'fast')).toEqual(fast);
    expect(flagsOf('dev')).toEqual([...small, '--enable-source-maps']);
  });

  it.each(['toString', 'tiny'])(
    'are those of fast for the profile %s, which the shop refuses',
    (name) => {
      expect(flagsOf('start', '--profile', name)).toEqual(fast);
    },
  );

  it('of a service in a process of its own differ between the profiles', () => {
    const [byProfile, others] = PROFILES.map(serviceFlags);
    expect(byProfile?.[0]).toMatch(/^--max-semi-space-size=\d+$/);
    expect(others).toContain('--optimize-for-size');
    expect(byProfile).not.toContain('--optimize-for-size');
  });

  it('of the images are those of the fast profile, in NODE_OPTIONS where that can hold them', () => {
    const [semiSpace, ...others] = serviceFlags('fast');
    expect(read('deploy/Dockerfile')).toContain(`NODE_OPTIONS=${semiSpace}\n`);
    const flags = others.map((flag) => `"${flag}", `).join('');
    expect(read('deploy/Dockerfile')).toContain(`ENTRYPOINT ["node", ${flags}"dist/main.js"]\n`);
    const [name, value] = semiSpace!.split('=');
    expect(read('deploy/compose/compose.yaml')).toContain(
      `NODE_OPTIONS: ${name}=\${SEMI_SPACE_MIB:-${value}}\n`,
    );
  });
});
