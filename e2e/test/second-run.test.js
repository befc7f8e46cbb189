import { expect, it, jest } from '@jest/globals';
import { claimFolder, readState, removeState, runs } from '@sockshop/supervisor';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, WorkspaceProcess } from './workspace-process.ts';
jest.setTimeout(60_000);
it('a second npm test keeps the data of the servers of the first', async () => {
    const dir = join(ROOT, '.sockshop', 'test-servers');
    const first = runs(readState(dir)?.launcher); // the run that this suite belongs to
    if (!first)
        claimFolder(dir, { way: 'distributed', url: 'npm test is at work', logs: dir });
    const kept = join(dir, 'mariadb', 'kept');
    try {
        mkdirSync(join(dir, 'mariadb'), { recursive: true });
        writeFileSync(kept, '');
        const second = new WorkspaceProcess('e2e/dist/main.js');
        expect([await second.ended, second.output]).toEqual([
            1,
            expect.stringMatching(/^\S+ is in use: npm test is at work \(process \d+\)\. Try again /),
        ]);
        rmSync(kept); // fails where it is gone
    }
    finally {
        if (!first)
            removeState(dir);
    }
});
//# sourceMappingURL=second-run.test.js.map