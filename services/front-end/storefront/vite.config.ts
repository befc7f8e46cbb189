import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { compressed } from './compressed.ts';
import { webFont } from './web-font.ts';

/** Paths the server part of front-end answers; `/orders` but not `/orders.html`. */
const api =
  '^/(catalogue|tags|cart|card|cards|address|addresses|customers|orders|login|logout|register)(/|\\?|$)';

/** Nothing is painted before the script ran: the page is its work, and so is the choice of theme. */
const scriptBeforePaint: Plugin = {
  name: 'script-before-paint',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => html.replace('<script type="module"', '$& blocking="render"'),
  },
};

/** One page entry: the server answers it for every page path, `pages.ts` picks the page. */
export default defineConfig({
  plugins: [react(), scriptBeforePaint, webFont, compressed],
  build: {
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'], // the first with light-dark(): the style sheet relies on it
    outDir: '../dist/storefront', // `tsc -b` owns the rest of dist
    license: { fileName: 'licences-storefront.md' }, // of the packages in it
    emptyOutDir: false, // build-pages.mjs has done it
    assetsInlineLimit: 0, // the content security policy allows no data: URL
    modulePreload: { polyfill: false },
  },
  server: { host: '127.0.0.1', proxy: { [api]: 'http://127.0.0.1:8080' } },
});
