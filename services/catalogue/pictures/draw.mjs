// Draws the shop's pictures again: `node draw.mjs` writes ../images/*.svg and the storefront's own pictures, then
// `node render.mjs` writes the JPEGs.
import { mkdir, writeFile } from 'node:fs/promises';
import { marks, scenes, storefront } from './scenes.mjs';

await draw('../images/', { ...scenes, ...marks });
await draw('../../front-end/storefront/pictures/', storefront);

async function draw(path, pictures) {
  const folder = new URL(path, import.meta.url);
  await mkdir(folder, { recursive: true });
  for (const [name, svg] of Object.entries(pictures)) {
    await writeFile(new URL(name.replace(/\.\w+$/, '.svg'), folder), `${svg}\n`);
  }
}
