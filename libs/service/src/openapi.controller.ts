import { Controller, Get, Header, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { Api } from './openapi.ts';
import { Operation } from './operation.ts';
import { Untraced } from './untraced.ts';
import { z } from 'zod';

/** The injection token of what the service says of itself. */
export class ApiDescription {
  constructor(readonly api: Api) {}
}

/** The service's routes for people and machines. Made when it is first asked for: neither start nor memory pays for it before. */
@Controller()
@Untraced()
export class OpenApiController {
  private document: Promise<string> | undefined;

  constructor(
    private readonly modules: ModulesContainer,
    private readonly description: ApiDescription,
  ) {}

  @Get('openapi.json')
  @Header('content-type', 'application/json; charset=utf-8')
  @Operation({
    tag: 'documentation',
    summary: 'This document',
    answer: z.looseObject({ openapi: z.string() }).meta({ description: 'OpenAPI 3.1' }),
  })
  get(): Promise<string> {
    this.document ??= documentOf(this.description.api, this.modules);
    return this.document;
  }
}

/** Outside of the class: TypeScript leaves an `import('….ts')` inside a decorated class as it is. */
async function documentOf(api: Api, modules: ModulesContainer): Promise<string> {
  const { openApi } = await import('./openapi.ts');
  const ordered = [...modules.values()].reverse(); // the service's own before what all services have
  const controllers = ordered.flatMap(
    (module) => [...module.controllers.values()].map(({ metatype }) => metatype as Type), // a controller is a class
  );
  return JSON.stringify(openApi(api, controllers));
}
