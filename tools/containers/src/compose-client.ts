import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@sockshop/measure';

const MODULE = 'github.com/docker/compose/v2';
const SOURCES = join(ROOT, 'deploy/compose/lab');
const PROGRAMS = join(ROOT, '.sockshop/bin');
/** No C compiler and no other Go is needed. */
const GO = { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' };

/**
 * The command line of Docker Compose: `COMPOSE_PARSER`, the installed plugin, or the release that deploy/compose/lab pins, built
 * with Go on first use (about two minutes). Undefined when none is available.
 */
export function composeClient(): readonly string[] | undefined {
  const named = process.env['COMPOSE_PARSER'];
  if (named !== undefined && named !== '') return [named];
  if (spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status === 0)
    return ['docker', 'compose'];
  const release = pinnedRelease();
  const program = join(PROGRAMS, `compose-${release ?? 'unknown'}`);
  if (existsSync(program)) return [program];
  return release !== undefined && build(program) ? [program] : undefined;
}

/** The release in go.mod; undefined without a Go version that can read it. */
function pinnedRelease(): string | undefined {
  const words = ['list', '-m', '-f', '{{.Version}}', MODULE];
  const found = spawnSync('go', words, { cwd: SOURCES, encoding: 'utf8', env: GO });
  return found.status === 0 ? found.stdout.trim() : undefined;
}

function build(program: string): boolean {
  const unfinished = `${program}.${process.pid}`; // another run may be building the same
  mkdirSync(PROGRAMS, { recursive: true });
  console.info('building Docker Compose with Go, once; it takes about two minutes');
  const words = ['build', '-trimpath', '-ldflags=-s -w', '-o', unfinished, `${MODULE}/cmd`];
  try {
    execFileSync('go', words, { cwd: SOURCES, stdio: 'pipe', env: GO });
  } catch (error) {
    console.warn('cannot build Docker Compose', error);
    return false;
  }
  renameSync(unfinished, program);
  return true;
}
