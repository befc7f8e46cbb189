import { Controller, Get, Param, Query } from '@nestjs/common';
import { ShopError } from '@sockshop/service';
import type { z } from 'zod';
import { CatalogueService } from './catalogue.service.ts';
import { ListQuery, SizeQuery } from './sock-query.ts';
import type { Sock } from './sock.entity.ts';

@Controller()
export class CatalogueController {
  constructor(private readonly catalogue: CatalogueService) {}

  @Get('catalogue')
  async list(
    @Query({ schema: ListQuery }) { tags, order, ...page }: z.infer<typeof ListQuery>,
  ): Promise<SockJson[]> {
    const socks = await this.catalogue.list(tags, order, page);
    return socks.map(toJson);
  }

  /** How many socks a list with these tags has, over all its pages. */
  @Get('catalogue/size')
  async size(@Query({ schema: SizeQuery }) { tags }: z.infer<typeof SizeQuery>) {
    return { size: await this.catalogue.count(tags), err: null };
  }

  /** The original answers 500 for an unknown id, against its own intention: 404 here, with its words. */
  @Get('catalogue/:id')
  async sock(@Param('id') id: string): Promise<SockJson> {
    const sock = await this.catalogue.find(id);
    if (!sock) throw new ShopError(404, 'not found');
    return toJson(sock);
  }

  @Get('tags')
  async tags() {
    return { tags: await this.catalogue.tags(), err: null };
  }
}

/** The names and their order are the original's; `tag` is the list that one would call `tags`. */
function toJson({ id, name, description, imageUrl1, imageUrl2, price, count, tags }: Sock) {
  const imageUrl = [imageUrl1, imageUrl2];
  return { id, name, description, imageUrl, price, count, tag: tags.map((tag) => tag.name) };
}

type SockJson = ReturnType<typeof toJson>;
