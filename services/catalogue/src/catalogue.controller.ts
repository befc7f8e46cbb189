import { Controller, Get, Param, Query } from '@nestjs/common';
import { Operation, ShopError } from '@sockshop/service';
import { z } from 'zod';
import { CatalogueService } from './catalogue.service.ts';
import { ListQuery, SizeQuery, type SockFilter } from './sock-query.ts';
import type { Sock } from './sock.entity.ts';

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
type SockJson = z.output<typeof SockJson>;
const SockCount = z.object({
  size: z.int().meta({ examples: [9] }),
  err: z.null().meta({ description: 'Always null, as in the original.' }),
});
const TagList = z.object({
  tags: z.array(z.string()).meta({ examples: [['brown', 'geek', 'formal']] }),
  err: z.null().meta({ description: 'Always null, as in the original.' }),
});

@Controller()
@Operation({ also: { 503: 'catalogue-db is unavailable' } })
export class CatalogueController {
  constructor(private readonly catalogue: CatalogueService) {}

  @Get('catalogue')
  @Operation({ summary: 'A page of the socks', response: z.array(SockJson) })
  async list(
    @Query({ schema: ListQuery }) { filter, sortOrder, page }: z.infer<typeof ListQuery>,
  ): Promise<SockJson[]> {
    const socks = await this.catalogue.list(filter, sortOrder, page);
    return socks.map(toJson);
  }

  /** The number of socks that pass the filter, on all pages together. */
  @Get('catalogue/size')
  @Operation({ summary: 'The number of socks', response: SockCount })
  async size(@Query({ schema: SizeQuery }) filter: SockFilter) {
    return { size: await this.catalogue.count(filter), err: null };
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
  async sock(@Param('id') id: string): Promise<SockJson> {
    const sock = await this.catalogue.find(id);
    if (!sock) throw new ShopError(404, 'not found');
    return toJson(sock);
  }

  @Get('tags')
  @Operation({ summary: 'The names of all tags', response: TagList })
  async tags() {
    return { tags: await this.catalogue.tags(), err: null };
  }
}

/** Names and order are the original's. `tag` is the list of tags. */
function toJson({ id, name, description, imageUrl1, imageUrl2, price, count, tags }: Sock) {
  const imageUrl = [imageUrl1, imageUrl2];
  const tag = tags.map(({ name }) => name);
  return { id, name, description, imageUrl, price, count, tag } satisfies SockJson;
}
