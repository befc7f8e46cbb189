import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ServiceDefinition } from '@sockshop/service';
import react from '@vitejs/plugin-react';
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { type Duplex, Readable } from 'node:stream';
import { createServer, type ViteDevServer } from 'vite';

const ROOT = join(import.meta.dirname, '..');
/** Paths below it are Vite's; everything else stays front-end's. */
const BASE = '/dev/';
/** Vite's client and React's refresh are scripts and styles in the page itself. */
const SECURITY_POLICY =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'";

/** For `npm run dev`: Vite serves the pages from their sources at front-end's own address, and what is saved changes in the open browser. */
export class HotPages {
  /** Never listens: it passes the browser's connection for changes from front-end's server to Vite. */
  private readonly relay = createHttpServer();
  private vite: ViteDevServer | undefined;

  /** `cache` is a folder for what Vite makes of the pages' dependencies. */
  constructor(private readonly cache: string) {}

  async start(): Promise<void> {
    this.vite = await createServer({
      root: ROOT,
      base: BASE,
      configFile: false,
      cacheDir: this.cache,
      appType: 'custom',
      logLevel: 'warn',
      clearScreen: false,
      plugins: [react()],
      build: { assetsInlineLimit: 0 }, // as the pages' builds: the security policy allows no data: URL
      server: { middlewareMode: true, hmr: { server: this.relay } },
    });
  }

  async close(): Promise<void> {
    await this.vite?.close();
  }

  /** Front-end with hot pages; any other service as it is. */
  readonly adapt = (definition: ServiceDefinition): ServiceDefinition => {
    if (definition.name !== 'front-end') return definition;
    return {
      ...definition,
      configure: async (app) => {
        await definition.configure?.(app);
        this.serve(app);
      },
    };
  };

  private serve(app: NestFastifyApplication): void {
    const fastify = app.getHttpAdapter().getInstance();
    const { server } = fastify;
    const connections = new Set<Duplex>();
    const own = server.listeners('request') as RequestListener[]; // what a server of Node's calls with its requests
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      if (request.url?.startsWith(BASE)) {
        this.vite?.middlewares(request, response);
        return;
      }
      if (request.headers.accept?.includes('text/html')) delete request.headers['if-none-match'];
      for (const listener of own) listener(request, response);
    });
    server.on('upgrade', (request, socket: Duplex, head) => {
      connections.add(socket);
      socket.on('close', () => connections.delete(socket));
      this.relay.emit('upgrade', request, socket, head);
    });
    fastify.addHook('preClose', (done) => {
      for (const socket of connections) socket.destroy(); // the browser connects again, and loads the page anew
      done();
    });
    fastify.addHook('onSend', async (request, reply, payload) => {
      if (!String(reply.getHeader('content-type')).startsWith('text/html')) return payload;
      if (payload instanceof Readable) payload.destroy();
      for (const name of ['etag', 'last-modified', 'content-length', 'content-encoding'])
        reply.removeHeader(name);
      reply.header('content-security-policy', SECURITY_POLICY);
      return this.page(new URL(request.url, 'http://front-end').pathname);
    });
  }

  private async page(path: string): Promise<string> {
    const folder = path === '/docs' || path === '/observatory' ? path.slice(1) : 'storefront';
    const file = folder === 'storefront' ? 'index.html' : `${folder}.html`;
    const source = await readFile(join(ROOT, folder, file), 'utf8');
    const html = source.replaceAll('"./', `"/${folder}/`);
    return (await this.vite?.transformIndexHtml(`/${folder}/${file}`, html)) ?? html;
  }
}
