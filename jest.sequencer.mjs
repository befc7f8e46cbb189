import TestSequencer from '@jest/test-sequencer';
import { relative, sep } from 'node:path';

/** Suites that take longest, in seconds on two busy cores. Jest learns such times only from its own cache, which a fresh clone has not. */
const SECONDS = {
  'e2e/test/observatory.test.ts': 161,
  'deploy/distributed/test/distributed-shop.test.ts': 145,
  'tools/mesh-check/test/mesh-check.test.ts': 135,
  'tools/chaos/test/chaos.test.ts': 131,
  'e2e/test/one-part-down.test.ts': 107,
  'e2e/test/traces.test.ts': 96,
  'e2e/test/storefront-pages.test.ts': 87,
  'e2e/test/documentation.test.ts': 86,
  'e2e/test/outage-traces.test.ts': 82,
  'tools/backup/test/backup-commands.test.ts': 80,
  'e2e/test/storefront.test.ts': 80,
  'e2e/test/trace-drawer.test.ts': 75,
  'tools/budget/test/exact-figures.test.ts': 73,
  'e2e/test/dev.test.ts': 71,
  'deploy/distributed/test/mesh.test.ts': 71,
  'e2e/test/storefront-orders.test.ts': 70,
  'e2e/test/browser.test.ts': 64,
  'e2e/test/docs.test.ts': 60,
  'e2e/test/packed-shop.test.ts': 59,
  'e2e/test/hostile-spans.test.ts': 46,
  'e2e/test/embedded-folder.test.ts': 45,
  'e2e/test/recovered-order.test.ts': 44,
  'e2e/test/distributed.test.ts': 42,
  'e2e/test/storefront-without-carts.test.ts': 40,
};

/** Longest first, so that no long suite runs alone at the end. All others follow in Jest's own order. */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const seconds = ({ path, duration }) =>
      (duration ?? 0) / 1000 ||
      (SECONDS[
        relative(import.meta.dirname, path)
          .split(sep)
          .join('/')
      ] ??
        0);
    return [...super.sort(tests)].sort((one, other) => seconds(other) - seconds(one));
  }
}
