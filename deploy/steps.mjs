// What installing and building share: where things are, and steps that show how far they are.
import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const BIN = join(ROOT, 'node_modules', '.bin');
/** The workspace's own Node. */
export const NODE = join(ROOT, 'node_modules', 'node', 'bin', 'node');
export const STATE = join(ROOT, '.sockshop');

/** Shows how far `work` is: each second in one line of a terminal, every five seconds in a line of a log. Then how long it took. */
export async function step(title, done, progress, work) {
  const started = Date.now();
  const { isTTY } = process.stdout;
  const show = () => {
    const seconds = `${Math.round((Date.now() - started) / 1000)} s`;
    const line = `${title}: ${[progress(), seconds].filter(Boolean).join(', ')}`;
    process.stdout.write(isTTY ? `\r${line}\x1b[K` : `${line}\n`);
  };
  if (isTTY) show();
  const timer = setInterval(show, isTTY ? 1000 : 5000);
  const result = await work();
  clearInterval(timer);
  if (isTTY) process.stdout.write('\r\x1b[K');
  if (result.code === 0) console.log(`${done} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return result;
}

/** Everything that is run sees the workspace's own Node 24 first. */
export function environment() {
  return {
    ...process.env,
    PATH: `${BIN}${delimiter}${process.env.PATH}`,
    NX_DAEMON: 'false',
    NX_NO_CLOUD: 'true',
  };
}

/** Runs a program to its end; what it prints is kept, without colours: the progress is read from it. */
export function run(program, parameters, onText = () => undefined) {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environment(), NO_COLOR: '1' },
    });
    let printed = '';
    const keep = (data) => {
      printed += data;
      onText(String(data));
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: 1, printed: error.message }));
    child.on('close', (code) => resolve({ code, printed }));
  });
}

export function fail(text) {
  console.error(text);
  process.exit(1);
}
