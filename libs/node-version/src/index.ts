// `import '@sockshop/node-version'` ends the process on a Node that is too old. Old versions must be able to run this file, so its syntax
// is old and it imports next to nothing.
import { relative } from 'path';
import { fileURLToPath } from 'url';

/** The first with all that our programs use; the last thing that came is `argon2`. */
const OLDEST = [24, 7] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  const workspace = fileURLToPath(new URL('../../..', import.meta.url));
  const script = relative(workspace, process.argv[1] ?? '');
  console.error(
    `Sock Shop needs Node ${OLDEST.join('.')} or newer, and this is Node ${process.versions.node}. ` +
      `Run it with the workspace's own: npx node ${script}`,
  );
  process.exit(1);
}
