import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Paths the server part of front-end answers; `/orders` but not `/orders.html`. */
const api =
  '^/(catalogue|tags|cart|card|cards|address|addresses|customers|orders|login|logout|register)(/|\\?|$)';

/** One page entry: the server answers it for every page path, `pages.ts` picks the page. */
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../dist/storefront', // `tsc -b` owns the rest of dist
    emptyOutDir: true,
    assetsInlineLimit: 0, // the content security policy allows no data: URL
    modulePreload: { polyfill: false },
  },
  server: { host: '127.0.0.1', proxy: { [api]: 'http://127.0.0.1:8080' } },
});
