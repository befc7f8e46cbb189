import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { JsonLog } from '@sockshop/service';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The assets of the storefront's build. Their names hold a hash of their content, so a browser never asks for one twice. */
export async function useStorefrontFiles(
  app: NestFastifyApplication,
  staticDir: string,
): Promise<void> {
  if (!existsSync(join(staticDir, 'index.html'))) {
    const log = app.get(JsonLog, { strict: false });
    log.warn('no storefront there: pages answer 404 until it is built', { staticDir });
  }
  await app.register(fastifyStatic, {
    root: join(staticDir, 'assets'),
    prefix: '/assets/',
    index: false,
    immutable: true,
    maxAge: '1y',
    preCompressed: true, // by the build
    suppressWarning: true, // said above, once and in the shop's words
  });
}
