import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { JsonLog, Operation } from '@sockshop/service';
import { z } from 'zod';
import { CartsService } from './carts.service.ts';
import type { CartLine } from './cart-store.ts';
import { AddRequest, MergeQuery, TakeRequest, UpdateRequest } from './requests.ts';

const Line = z
  .object({
    id: z.string().meta({ description: "The line's own.", examples: ['57a98d98e4b00679b4a830b5'] }),
    itemId: z.string(),
    quantity: z.int(),
    unitPrice: z.number().meta({ description: 'US dollars.' }),
  } satisfies Record<keyof CartLine, z.ZodType>)
  .meta({ id: 'CartLine' });
const NOT_IN_CART = 'the sock is not in the cart';

/** The original's statuses: 201 for an added line, 202 with an empty body for every other change. */
@Controller('carts/:customerId')
@Operation({
  params: {
    customerId:
      "The customer's id, or the key of a guest's cart. Every cart exists; it may be empty.",
    itemId: "The sock's id.",
  },
  also: { 503: 'carts-db is unavailable' },
})
export class CartsController {
  constructor(
    private readonly carts: CartsService,
    private readonly log: JsonLog,
  ) {}

  @Get()
  @Operation({
    summary: 'Whose cart it is',
    response: z.object({ customerId: z.string() }),
  })
  cart(@Param('customerId') customerId: string): { customerId: string } {
    return { customerId };
  }

  @Delete()
  @Operation({ summary: 'Empty the cart' })
  @HttpCode(202)
  clear(@Param('customerId') customerId: string): Promise<void> {
    return this.carts.clear(customerId);
  }

  /** A GET that writes, because the original's front-end calls it this way. */
  @Get('merge')
  @Operation({
    summary: "Move a guest's lines into the cart",
    changesState: true,
    description: 'Writes, although it is a GET. A repeated call changes nothing.',
  })
  @HttpCode(202)
  merge(
    @Param('customerId') customerId: string,
    @Query({ schema: MergeQuery }) { sessionId }: z.infer<typeof MergeQuery>,
  ): Promise<void> {
    return this.carts.merge(customerId, sessionId);
  }

  /** Not in the original. Orders calls it after the payment. */
  @Post('take')
  @Operation({
    summary: 'Take the lines of an order out of the cart',
    description: 'Works once for each order. Pieces that were added since the order stay.',
  })
  @HttpCode(202)
  async take(
    @Param('customerId') customerId: string,
    @Body({ schema: TakeRequest }) { orderId, items }: z.infer<typeof TakeRequest>,
  ): Promise<void> {
    await this.carts.take(customerId, orderId, items);
    this.log.log('ordered lines taken', { orderId, lines: items.length });
  }

  @Get('items')
  @Operation({ summary: 'The lines', response: z.array(Line) })
  items(@Param('customerId') customerId: string): Promise<CartLine[]> {
    return this.carts.items(customerId);
  }

  @Post('items')
  @Operation({
    summary: 'Add a sock',
    description:
      'Adds `quantity` pieces of a new sock, and one piece of a sock that is already in the cart, as the original does.',
    response: Line,
    also: { 409: 'the line has 999 pieces already' },
  })
  add(
    @Param('customerId') customerId: string,
    @Body({ schema: AddRequest }) line: z.infer<typeof AddRequest>,
  ): Promise<CartLine> {
    return this.carts.add(customerId, line);
  }

  @Patch('items')
  @Operation({ summary: 'Set the quantity of a line', also: { 404: NOT_IN_CART } })
  @HttpCode(202)
  update(
    @Param('customerId') customerId: string,
    @Body({ schema: UpdateRequest }) change: z.infer<typeof UpdateRequest>,
  ): Promise<void> {
    return this.carts.setQuantity(customerId, change);
  }

  @Get('items/:itemId')
  @Operation({ summary: 'One line', response: Line, also: { 404: NOT_IN_CART } })
  item(@Param('customerId') customerId: string, @Param('itemId') item: string): Promise<CartLine> {
    return this.carts.item(customerId, item);
  }

  @Delete('items/:itemId')
  @Operation({ summary: 'Take a sock out', also: { 404: NOT_IN_CART } })
  @HttpCode(202)
  remove(@Param('customerId') customerId: string, @Param('itemId') item: string): Promise<void> {
    return this.carts.remove(customerId, item);
  }
}
