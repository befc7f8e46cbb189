import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from '../storefront/compressed.ts';
import { webFont } from '../storefront/web-font.ts';

/** A build of its own beside the storefront's: shoppers never load what the Observatory draws with. */
export default defineConfig({
  plugins: [react(), webFont, compressed],
  build: {
    outDir: '../dist/storefront',
    license: { fileName: 'licences-observatory.md' }, // of the packages in it
    emptyOutDir: false, // build-pages.mjs has done it
    rolldownOptions: { input: 'observatory.html' },
    assetsInlineLimit: 0, // the content security policy allows no data: URL
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600, // kB; a page for those who stay, not for a first look at the shop
  },
  server: {
    host: '127.0.0.1',
    proxy: { '^/(observatory/api|trace|catalogue)/': 'http://127.0.0.1:8080' },
  },
});
