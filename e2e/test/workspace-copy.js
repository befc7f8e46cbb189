import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync, } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ROOT } from './workspace-process.ts';
const COPIED = ['libs', 'services', 'tools', 'deploy', 'package.json', 'tsconfig.base.json'];
/** A copy of the built workspace in its own folder, which a test may edit. It shares the installed packages. */
export class WorkspaceCopy {
    root = mkdtempSync(join(tmpdir(), 'sock-shop-copy-'));
    constructor() {
        for (const name of COPIED) {
            cpSync(join(ROOT, name), join(this.root, name), {
                recursive: true,
                filter: (source) => {
                    if (basename(source) !== 'node_modules')
                        return true;
                    symlinkSync(source, source.replace(ROOT, this.root));
                    return false;
                },
            });
        }
        const installed = join(ROOT, 'node_modules');
        mkdirSync(join(this.root, 'node_modules', '@sockshop'), { recursive: true });
        for (const name of readdirSync(installed)) {
            if (name === '@sockshop')
                continue;
            symlinkSync(join(installed, name), join(this.root, 'node_modules', name));
        }
        for (const name of readdirSync(join(installed, '@sockshop'))) {
            const target = readlinkSync(join(installed, '@sockshop', name)); // relative: to the package in this copy
            symlinkSync(target, join(this.root, 'node_modules', '@sockshop', name));
        }
    }
    /** @throws Error when `from` is not in the file. */
    edit(file, from, to) {
        const path = join(this.root, file);
        const text = readFileSync(path, 'utf8');
        if (!text.includes(from))
            throw new Error(`${file} does not contain ${from}`);
        writeFileSync(path, text.replace(from, to));
    }
    remove() {
        rmSync(this.root, { recursive: true });
    }
}
//# sourceMappingURL=workspace-copy.js.map