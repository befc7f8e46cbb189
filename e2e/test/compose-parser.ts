import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/**
 * The command line of Docker Compose: `COMPOSE_PARSER`, the installed plugin, or the release that deploy/compose/lab pins, built
 * with Go on first use (about two minutes). Undefined when none is available.
 */
export function composeParser(): string[] | undefined {
  const named = process.env['COMPOSE_PARSER'];
  if (named) return [named];
  if (works('docker', 'compose', 'version')) return ['docker', 'compose'];
  const sources = join(root, 'deploy/compose/lab');
  const program = join(root, '.sockshop/bin', `compose-${release(sources) ?? 'unknown'}`);
  if (existsSync(program)) return [program];
  return build(sources, program) ? [program] : undefined;
}

/** The release in go.mod; undefined without a Go version that can read it. */
function release(sources: string): string | undefined {
  const found = spawnSync(
    'go',
    ['list', '-m', '-f', '{{.Version}}', 'github.com/docker/compose/v2'],
    { cwd: sources, encoding: 'utf8', env: { ...process.env, GOTOOLCHAIN: 'local' } },
  );
  return found.status === 0 ? found.stdout.trim() : undefined;
}

function build(sources: string, program: string): boolean {
  if (release(sources) === undefined) return false;
  const unfinished = `${program}.${process.pid}`; // another run may be building the same
  mkdirSync(join(root, '.sockshop/bin'), { recursive: true });
  console.info('building Docker Compose with Go, once; it takes about two minutes');
  try {
    execFileSync(
      'go',
      [
        'build',
        '-trimpath',
        '-ldflags=-s -w',
        '-o',
        unfinished,
        'github.com/docker/compose/v2/cmd',
      ],
      {
        cwd: sources,
        stdio: 'pipe',
        env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' },
      },
    );
  } catch (error) {
    console.warn('cannot build Docker Compose; skipping its checks', error);
    return false;
  }
  renameSync(unfinished, program);
  return true;
}

export function works(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
