import { Controller, Get, Res } from '@nestjs/common';
import { Operation, Untraced } from '@sockshop/service';
import type { FastifyReply } from 'fastify';
import { setPageHeaders } from './response-headers.ts';
import { FrontEndConfig } from './config.ts';
import { responses } from './responses.ts';
import { StorefrontFiles } from './storefront-files.ts';

/** The original's pages at their paths; each is the same document, and the storefront in it shows the page of its path. */
const PAGES = [
  '/',
  'index.html',
  'category.html',
  'detail.html',
  'basket.html',
  'register.html',
  'customer-account.html',
  'customer-order.html',
  'customer-orders.html',
  'customer-wishlist.html',
  'checkout1.html',
  'checkout2.html',
  'checkout3.html',
  'checkout4.html',
];

@Controller()
@Operation({
  also: { 304: 'the caller has the current version', 404: 'the storefront is not built' },
})
export class PagesController {
  constructor(
    private readonly config: FrontEndConfig,
    private readonly files: StorefrontFiles,
  ) {}

  /** Private, since it may set a session; asked for again each time, since it names the assets of the newest build. */
  @Get(PAGES)
  @Operation({ summary: 'A page of the shop', response: responses.page })
  page(@Res() reply: FastifyReply): void {
    reply.header('cache-control', 'private, no-cache');
    setPageHeaders(reply, this.config);
    this.files.send(reply, 'index.html');
  }

  /** Not a page of the shop: it starts no session and no trace. */
  @Get('docs')
  @Untraced()
  @Operation({ tag: 'documentation', summary: 'The same for people', response: responses.page })
  docs(@Res() reply: FastifyReply): void {
    reply.header('cache-control', 'no-cache');
    setPageHeaders(reply, this.config);
    this.files.send(reply, 'docs.html');
  }
}
