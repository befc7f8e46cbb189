import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const licence = fileURLToPath(import.meta.resolve('@fontsource/nunito/LICENSE'));

/** The page asks for the font of `theme.css` at once, before the style sheet names it. Its licence asks to go wherever the font goes. */
export const webFont: Plugin = {
  name: 'web-font',
  apply: 'build',
  generateBundle() {
    const source = readFileSync(licence, 'utf8');
    this.emitFile({ type: 'asset', fileName: 'assets/nunito-OFL.txt', source });
  },
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle = {} }) =>
      Object.keys(bundle)
        .filter((name) => name.endsWith('.woff2'))
        .map((name) => ({
          tag: 'link',
          attrs: {
            rel: 'preload',
            as: 'font',
            type: 'font/woff2',
            crossorigin: '',
            href: `/${name}`,
          },
          injectTo: 'head-prepend' as const,
        })),
  },
};
