import type { Say } from '@sockshop/supervisor';
import { findOrInstall } from './apt.ts';

/** The path of a Chromium or Chrome, for Playwright's `executablePath`. Throws `ServerUnavailableError`. */
export function findBrowser(say: Say = () => undefined): Promise<string> {
  return findOrInstall({
    server: 'A browser',
    programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    dirs: ['/usr/bin'],
    packages: ['chromium'],
    ways: 'Install Chromium or Chrome so that it is on the PATH (Debian: the package `chromium`).',
    say,
  });
}
