import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { Operation, sendRepresentation, ShopError } from '@sockshop/service';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AnswerCache } from './answer-cache.ts';
import { CatalogueService } from './catalogue.service.ts';
import { ListQuery, SizeQuery, type SockFilter } from './sock-query.ts';

const SockJson = z
  .object({
    id: z.string().meta({ examples: ['03fef6ac-1896-4ce8-bd69-b798f85c6e0b'] }),
    name: z.string().meta({ examples: ['Holy'] }),
    description: z.string(),
    imageUrl: z.array(z.string()).length(2).meta({ description: 'Paths of two pictures.' }),
    price: z.number().meta({ description: 'US dollars.', examples: [99.99] }),
    count: z.int().meta({ description: 'Pairs in stock.', examples: [1] }),
    tag: z.array(z.string()).meta({ examples: [['action', 'magic']] }),
  })
  .meta({ id: 'Sock' });
const SockCount = z.object({
  size: z.int().meta({ examples: [9] }),
  err: z.null().meta({ description: 'Always null, as in the original.' }),
});
const TagList = z.object({
  tags: z.array(z.string()).meta({ examples: [['brown', 'geek', 'formal']] }),
  err: z.null().meta({ description: 'Always null, as in the original.' }),
});

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

@Controller()
@Operation({ also: { 304: 'the caller has it', 503: 'catalogue-db is unavailable' } })
export class CatalogueController {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly answers: AnswerCache,
  ) {}

  @Get('catalogue')
  @Operation({ summary: 'A page of the socks', response: z.array(SockJson) })
  list(
    @Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { filter, sortOrder, page } = query;
    const read = () => this.catalogue.list(filter, sortOrder, page);
    return this.answer(reply, `list ${JSON.stringify(query)}`, read);
  }

  /** The number of socks that pass the filter, on all pages together. */
  @Get('catalogue/size')
  @Operation({ summary: 'The number of socks', response: SockCount })
  size(
    @Query({ schema: SizeQuery }) filter: SockFilter,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const read = async () => ({ size: await this.catalogue.count(filter), err: null });
    return this.answer(reply, `size ${JSON.stringify(filter)}`, read);
  }

  /** 404 with the original's words. The original answers 500 for an unknown id but meant 404. */
  @Get('catalogue/:id')
  @Operation({
    summary: 'One sock',
    params: {
      id: { description: 'As in the list.', example: '03fef6ac-1896-4ce8-bd69-b798f85c6e0b' },
    },
    response: SockJson,
    also: { 404: 'no such sock' },
  })
  sock(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(reply, `sock ${id}`, async () => {
      const sock = await this.catalogue.find(id);
      if (!sock) throw new ShopError(404, 'not found');
      return sock satisfies z.output<typeof SockJson>;
    });
  }

  @Get('tags')
  @Operation({ summary: 'The names of all tags', response: TagList })
  tags(@Res() reply: FastifyReply): Promise<void> {
    const read = async () => ({ tags: await this.catalogue.tags(), err: null });
    return this.answer(reply, 'tags', read);
  }

  /** The caller may keep the answer but must ask each time whether it is still the current one. */
  private async answer(
    reply: FastifyReply,
    key: string,
    read: () => Promise<unknown>,
  ): Promise<void> {
    const answer = await this.answers.get(key, read);
    reply.header('cache-control', 'no-cache');
    sendRepresentation(reply, answer, JSON_TYPE);
  }
}
