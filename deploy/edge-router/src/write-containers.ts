import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containerFiles } from './containers.ts';

const folder = join(import.meta.dirname, '../containers');
mkdirSync(folder, { recursive: true });
for (const [file, text] of containerFiles()) writeFileSync(join(folder, file), text);
