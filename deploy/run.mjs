// npm's scripts start here. Old versions of Node must be able to run this file and print the version they need: keep its syntax old.
import { fileURLToPath } from 'url';

const OLDEST = 20;

// Tools that read scripts (knip) import this file: it must do nothing then.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (Number(process.versions.node.split('.')[0]) < OLDEST) {
    console.error(
      'Sock Shop needs Node ' +
        OLDEST +
        ' or newer, and this is Node ' +
        process.versions.node +
        '. Get one from nodejs.org.',
    );
    process.exit(1);
  }
  import('./commands.mjs').then(function (commands) {
    return commands.main(process.argv.slice(2));
  });
}
