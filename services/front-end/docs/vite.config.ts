import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from '../storefront/compressed.ts';
import { webFont } from '../storefront/web-font.ts';

/** A build of its own beside the storefront's: shoppers never load it. */
export default defineConfig({
  plugins: [react(), webFont, compressed],
  build: {
    outDir: '../dist/storefront',
    license: { fileName: 'licences-docs.md' }, // of the packages in it
    emptyOutDir: false, // build-pages.mjs has done it
    rolldownOptions: { input: 'docs.html' },
    assetsInlineLimit: 0, // the content security policy allows no data: URL
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '^/(openapi.json|catalogue|tags|cart|orders|customers)': 'http://127.0.0.1:8080' },
  },
});
