import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const PROGRAMS = join(import.meta.dirname, '../../../.sockshop/bin');
const RELEASE = 'v4.3.1';
/** The release whose rendering is known to be right. */
const OWN = join(PROGRAMS, `helm-${RELEASE}`);

/** `HELM`, an installed Helm, or the pinned release, built with Go on first use, which takes minutes. Undefined when none is available. */
export function helmProgram(): string | undefined {
  const found = [process.env['HELM'] ?? OWN, 'helm'].find((program) => works(program, 'version'));
  return found ?? (build() ? OWN : undefined);
}

export function works(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

function build(): boolean {
  if (!works('go', 'version')) return false;
  console.info('building Helm with Go, once; it takes minutes');
  const folder = join(PROGRAMS, `helm.${process.pid}`); // another run may be building the same
  mkdirSync(folder, { recursive: true });
  const env = { ...process.env, CGO_ENABLED: '0', GOBIN: folder };
  const words = ['install', '-ldflags=-s -w', `helm.sh/helm/v4/cmd/helm@${RELEASE}`];
  const { status, stderr } = spawnSync('go', words, { env, encoding: 'utf8' });
  if (status !== 0) console.warn('cannot build Helm', stderr);
  else renameSync(join(folder, 'helm'), OWN);
  rmSync(folder, { recursive: true });
  return existsSync(OWN);
}
