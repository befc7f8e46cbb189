import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import type { UpstreamRequest, UpstreamResponse } from '@sockshop/upstream';
import type { FastifyReply } from 'fastify';
import { accepted, Upstreams } from './upstreams.ts';

type Query = Readonly<Record<string, string | string[]>>;

/** Catalogue's own answers, passed on byte for byte. */
@Controller()
export class CatalogueController {
  constructor(private readonly upstreams: Upstreams) {}

  @Get('catalogue')
  socks(@Query() query: Query, @Res() reply: FastifyReply): Promise<void> {
    return this.pass({ path: '/catalogue', query: single(query) }, reply);
  }

  @Get('catalogue/size')
  size(@Query() query: Query, @Res() reply: FastifyReply): Promise<void> {
    return this.pass({ path: '/catalogue/size', query: single(query) }, reply);
  }

  @Get('catalogue/:id')
  sock(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    return this.pass({ path: '/catalogue/{id}', params: { id } }, reply);
  }

  @Get('tags')
  tags(@Res() reply: FastifyReply): Promise<void> {
    return this.pass({ path: '/tags' }, reply);
  }

  /** With what browsers need to keep pictures and to ask for parts of them. */
  @Get('catalogue/images/:file')
  async picture(
    @Param('file') file: string,
    @Headers() headers: Readonly<Record<string, string>>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { catalogue } = this.upstreams;
    const asked = picked(headers, ['range', 'if-range', 'if-none-match', 'if-modified-since']);
    const path = '/catalogue/images/{file}';
    const picture = await catalogue.request({
      method: 'GET',
      path,
      params: { file },
      headers: asked,
    });
    const kept = ['etag', 'last-modified', 'accept-ranges', 'content-range', 'cache-control'];
    reply.removeHeader('cache-control').headers(picked(picture.headers, kept));
    // 416 says in `content-range` how long the picture is
    await send(picture.status === 416 ? picture : accepted(catalogue, picture), reply);
  }

  private async pass(request: Omit<UpstreamRequest, 'method'>, reply: FastifyReply): Promise<void> {
    const { catalogue } = this.upstreams;
    await send(accepted(catalogue, await catalogue.request({ ...request, method: 'GET' })), reply);
  }
}

async function send(response: UpstreamResponse, reply: FastifyReply): Promise<void> {
  const type = response.headers['content-type'];
  if (typeof type === 'string') reply.header('content-type', type);
  await reply.status(response.status).send(response.body);
}

/** `?tags=blue&tags=green` is taken as `tags=blue,green`, which is how catalogue reads a list. */
function single(query: Query): Record<string, string> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));
}

function picked(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  names: readonly string[],
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name of names) {
    const value = headers[name];
    if (typeof value === 'string') result[name] = value;
  }
  return result;
}
