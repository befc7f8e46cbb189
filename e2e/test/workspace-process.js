import { RunningProcess } from '@sockshop/testing';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** The same as in every way of running the shop: a small young generation keeps the process small. */
const NODE_FLAGS = ['--max-semi-space-size=2'];
/** A script of the workspace as a process; `script` is a path such as `services/orders/dist/main.js`. */
export class WorkspaceProcess extends RunningProcess {
    constructor(script, args = [], env = {}) {
        super([...NODE_FLAGS, join(ROOT, script), ...args], { cwd: ROOT, env });
    }
}
//# sourceMappingURL=workspace-process.js.map