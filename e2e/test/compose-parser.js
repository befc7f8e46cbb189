import { spawnSync } from 'node:child_process';
export { composeClient as composeParser } from '@sockshop/containers';
export function works(command, ...args) {
    return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
//# sourceMappingURL=compose-parser.js.map