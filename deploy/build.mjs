import { join } from 'node:path';
import { isBuilt } from './build/stale.mjs';
import { fail, NODE, ROOT, run, step } from './steps.mjs';

/** Builds what is older than its source. */
export async function build() {
  if (isBuilt()) return;
  let doing = '';
  const program = join(ROOT, 'deploy/build/build.mjs');
  const { code, printed } = await step(
    'build',
    'built',
    () => doing,
    () =>
      run(NODE, [program], (text) => {
        doing = text.trimEnd().split('\n').pop();
      }),
  );
  if (code !== 0) fail(`The build failed:\n${printed}`);
}
