import { Controller, Get, Res } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { controllersOf } from './controller-paths.ts';
import type { Api } from './openapi.ts';
import { Operation } from './operation.ts';
import { Untraced } from './untraced.ts';
import { z } from 'zod';

/** Describes the service; also the injection token. */
export class ApiDescription {
  constructor(readonly api: Api) {}
}

/** Serves the OpenAPI document. The first request makes it, so that it costs no start-up time or memory before. */
@Controller()
@Untraced()
export class OpenApiController {
  private document: Promise<string> | undefined;

  constructor(
    private readonly modules: ModulesContainer,
    private readonly description: ApiDescription,
  ) {}

  @Get('openapi.json')
  @Operation({
    tag: 'documentation',
    summary: 'This document',
    response: z.looseObject({ openapi: z.string() }).meta({ description: 'OpenAPI 3.1' }),
  })
  async get(@Res() reply: FastifyReply): Promise<void> {
    this.document ??= documentOf(this.description.api, this.modules);
    await reply.header('content-type', 'application/json; charset=utf-8').send(await this.document);
  }
}

/** Outside of the class: TypeScript leaves an `import('….ts')` inside a decorated class as it is. */
async function documentOf(api: Api, modules: ModulesContainer): Promise<string> {
  const { openApi } = await import('./openapi.ts');
  return JSON.stringify(openApi(api, controllersOf(modules)));
}
