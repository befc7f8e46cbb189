// Draws the shop's pictures anew: `node draw.mjs` writes ../images/*.svg, then `node render.mjs` the JPEGs.
import { mkdir, writeFile } from 'node:fs/promises';
import { marks, scenes } from './scenes.mjs';

const folder = new URL('../images/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, svg] of Object.entries({ ...scenes, ...marks })) {
  await writeFile(new URL(name.replace(/\.\w+$/, '.svg'), folder), `${svg}\n`);
}
