import type { Say } from '@sockshop/supervisor';
import { findOrInstall } from './apt.ts';

/** HAProxy's path. It is 2.6 or newer wherever it comes from today. @throws ServerUnavailableError */
export function findHaproxy(say: Say = () => undefined): Promise<string> {
  return findOrInstall({
    server: 'HAProxy',
    programs: ['haproxy'],
    packages: ['haproxy'],
    ways: 'Install it (Debian and Ubuntu: the package `haproxy`; macOS: `brew install haproxy`).',
    say,
  });
}
