import fastifyStatic from '@fastify/static';
import { type DynamicModule, Module } from '@nestjs/common';
import { HealthReport, type ServiceDefinition } from '@sockshop/service';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AnswerCache } from './answer-cache.ts';
import { CatalogueDatabase, DATABASE_NAME } from './catalogue-database.ts';
import { CatalogueController } from './catalogue.controller.ts';
import { CatalogueService } from './catalogue.service.ts';
import { CatalogueConfig } from './config.ts';
import { Pictures } from './pictures.ts';

const IMAGES_PATH = '/catalogue/images/';
/** How long browsers may keep a picture, in milliseconds. Pictures change only with a new version of the shop. */
const IMAGES_MAX_AGE_MS = 3_600_000;

const bytes = { mediaType: ['image/jpeg', 'image/svg+xml'], body: z.unknown() };
const picture = {
  tag: 'pictures',
  summary: 'A picture of a sock',
  params: { file: { description: 'Most have an `.svg` beside it.', example: 'holy_1.jpeg' } },
  response: { description: 'the picture', ...bytes },
  also: {
    206: { description: 'the part that `range` asks for', ...bytes },
    304: 'the caller has it',
    403: 'a path out of the folder',
    404: 'no such picture',
    416: 'the picture is shorter; `content-range` has its size',
  },
};

@Module({})
export class CatalogueModule {
  static with(config: CatalogueConfig, now: () => number): DynamicModule {
    return {
      module: CatalogueModule,
      controllers: [CatalogueController],
      providers: [
        CatalogueService,
        CatalogueDatabase,
        { provide: CatalogueConfig, useValue: config },
        {
          provide: AnswerCache,
          useFactory: (database: CatalogueDatabase) =>
            new AnswerCache(database, config.cacheMs, now),
          inject: [CatalogueDatabase],
        },
        {
          provide: HealthReport,
          useFactory: (database: CatalogueDatabase) =>
            new HealthReport({
              service: 'catalogue',
              timeField: 'time',
              dependencies: { [DATABASE_NAME]: () => database.ping() },
            }),
          inject: [CatalogueDatabase],
        },
      ],
    };
  }
}

/** `now`: milliseconds of a clock that never goes back. */
export function catalogue(
  config: CatalogueConfig,
  now: () => number = () => performance.now(),
): ServiceDefinition {
  return {
    name: 'catalogue',
    module: CatalogueModule.with(config, now),
    port: config.port,
    host: config.host,
    allowedHosts: config.allowedHosts,
    api: {
      title: 'Sock Shop: catalogue',
      description: 'The socks, their tags and their pictures, all read-only.',
      tags: { catalogue: 'Socks and tags.', pictures: 'Files.' },
      routes: { [`GET ${IMAGES_PATH}{file}`]: picture },
    },
    problem: ({ status, detail, title, instance }) => ({
      error: detail,
      status_code: status,
      status_text: title,
      ...emptyShape(instance),
    }),
    http: {
      // Traces of pictures would bury all others.
      untracedBelow: [IMAGES_PATH],
      // `catalogue_id`, `catalogue_images`: the original's spelling.
      legacyRoute: (route) =>
        route
          .toLowerCase()
          .match(/[a-z0-9]+/g)
          ?.join('_') ?? '',
    },
    configure: async (app) => {
      const pictures = new Pictures(config.images, config.cacheMs, IMAGES_MAX_AGE_MS, now);
      await app.register(async (below: FastifyInstance) => {
        below.addHook('preHandler', pictures.serve);
        await below.register(fastifyStatic, {
          root: config.images,
          prefix: IMAGES_PATH,
          index: false,
          allowedPath: (path) => /^\/[^/]+$/.test(path), // only files directly in the folder
          dotfiles: 'ignore',
          decorateReply: false,
          maxAge: IMAGES_MAX_AGE_MS,
        });
      });
    },
  };
}

/** What the original's pages read of any response, as its front-end hides the status. */
function emptyShape(path = ''): Record<string, unknown> {
  if (path === '/tags') return { tags: [] };
  return path === '/catalogue/size' ? { size: 0 } : {};
}
