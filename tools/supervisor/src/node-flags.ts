import { readFileSync } from 'node:fs';

/** What the shop saves: processor time, or memory. */
export const PROFILES = ['fast', 'small'] as const;
export type Profile = (typeof PROFILES)[number];

/** The flags of Node by profile. `deploy/commands.mjs` reads the same file, as it runs before anything is built. */
type NodeFlags = Readonly<Record<Profile, Readonly<Record<'embedded' | 'service', string[]>>>>;

/** The flags with which a service runs in a process of its own. */
export function serviceFlags(profile: Profile): string[] {
  const file = new URL('../../../deploy/node-flags.json', import.meta.url);
  const flags = JSON.parse(readFileSync(file, 'utf8')) as NodeFlags; // the workspace's own file
  return flags[profile].service;
}
