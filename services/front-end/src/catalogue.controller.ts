import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import type { UpstreamRequest, UpstreamResponse } from '@sockshop/upstream';
import { Operation, Untraced } from '@sockshop/service';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { UNAVAILABLE, SOCK_ID } from './api.ts';
import { FilterQuery, SocksQuery } from './requests.ts';
import { responses } from './responses.ts';
import { expectSuccess, Upstreams } from './upstreams.ts';

type Query = Readonly<Record<string, string | string[]>>;

const picture = { mediaType: ['image/jpeg', 'image/svg+xml'], body: z.unknown() };

/** Catalogue's own responses, passed on byte for byte. */
@Controller()
@Operation({ also: { 304: 'the caller has it', 503: UNAVAILABLE } })
export class CatalogueController {
  constructor(private readonly upstreams: Upstreams) {}

  @Get('catalogue')
  @Operation({
    summary: 'A page of the socks',
    query: SocksQuery,
    response: responses.socks,
    also: { 400: 'malformed' },
  })
  socks(@Query() query: Query, @Res() reply: FastifyReply): Promise<void> {
    return this.pass({ path: '/catalogue', query: single(query) }, reply);
  }

  @Get('catalogue/size')
  @Operation({ summary: 'How many socks there are', query: FilterQuery, response: responses.size })
  size(@Query() query: Query, @Res() reply: FastifyReply): Promise<void> {
    return this.pass({ path: '/catalogue/size', query: single(query) }, reply);
  }

  @Get('catalogue/:id')
  @Operation({
    summary: 'One sock',
    params: { id: SOCK_ID },
    response: responses.sock,
    also: { 404: 'no such sock' },
  })
  sock(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    return this.pass({ path: '/catalogue/{id}', params: { id } }, reply);
  }

  @Get('tags')
  @Operation({ summary: 'The names of all tags', response: responses.tags })
  tags(@Res() reply: FastifyReply): Promise<void> {
    return this.pass({ path: '/tags' }, reply);
  }

  /** With what browsers need to keep pictures and to ask for parts of them. */
  @Get('catalogue/images/:file')
  @Untraced()
  @Operation({
    tag: 'pictures',
    summary: 'A picture of a sock',
    params: { file: { description: 'Most have an `.svg` beside it.', example: 'holy_1.jpeg' } },
    response: { description: 'the picture', ...picture },
    also: {
      206: { description: 'the part that `range` asks for', ...picture },
      304: 'the caller has it',
      403: 'a path out of the folder',
      404: 'no such picture',
      416: { description: 'it is shorter than that' },
    },
  })
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
    if (picture.status === 304) {
      await reply.status(304).send(); // with no type and no length: the browser keeps those of the picture it has
      return;
    }
    // 416 says in `content-range` how long the picture is
    await send(picture.status === 416 ? picture : expectSuccess(catalogue, picture), reply);
  }

  private async pass(request: Omit<UpstreamRequest, 'method'>, reply: FastifyReply): Promise<void> {
    const { catalogue } = this.upstreams;
    const known = reply.request.headers['if-none-match'];
    const headers = known === undefined ? {} : { 'if-none-match': known };
    const response = await catalogue.request({ ...request, method: 'GET', headers });
    const { etag } = response.headers; // an original catalogue sends none
    // Private, since the response may set a session.
    if (typeof etag === 'string') reply.headers({ etag, 'cache-control': 'private, no-cache' });
    if (response.status === 304) await reply.status(304).send();
    else await send(expectSuccess(catalogue, response), reply);
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
