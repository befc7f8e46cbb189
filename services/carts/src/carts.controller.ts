import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { CartsService } from './carts.service.ts';
import { type CartLine, MAX_QUANTITY } from './cart-store.ts';

const itemId = z.string().min(1).max(100);
const quantity = z.number().int().min(1).max(MAX_QUANTITY);
const unitPrice = z.number().min(0);
const AddRequest = z.object({ itemId, unitPrice, quantity: quantity.default(1) });
const UpdateRequest = z.object({ itemId, quantity, unitPrice: unitPrice.optional() });
const TakeRequest = z.object({
  orderId: z.string().min(1).max(100),
  items: z.array(z.object({ id: z.string().max(100).optional(), itemId, quantity })),
});
const MergeQuery = z.object({ sessionId: z.string().min(1) });

/** Statuses are the original's: 201 for an added line, 202 with an empty body for every other change. */
@Controller('carts/:customerId')
export class CartsController {
  constructor(private readonly carts: CartsService) {}

  @Get()
  cart(@Param('customerId') customerId: string): { customerId: string } {
    return { customerId };
  }

  @Delete()
  @HttpCode(202)
  clear(@Param('customerId') customerId: string): Promise<void> {
    return this.carts.clear(customerId);
  }

  /** A GET that writes: the original's front-end calls it so. */
  @Get('merge')
  @HttpCode(202)
  merge(
    @Param('customerId') customerId: string,
    @Query({ schema: MergeQuery }) { sessionId }: z.infer<typeof MergeQuery>,
  ): Promise<void> {
    return this.carts.merge(customerId, sessionId);
  }

  /** Not in the original: orders takes what was paid for. */
  @Post('take')
  @HttpCode(202)
  take(
    @Param('customerId') customerId: string,
    @Body({ schema: TakeRequest }) { orderId, items }: z.infer<typeof TakeRequest>,
  ): Promise<void> {
    return this.carts.take(customerId, orderId, items);
  }

  @Get('items')
  items(@Param('customerId') customerId: string): Promise<CartLine[]> {
    return this.carts.items(customerId);
  }

  @Post('items')
  add(
    @Param('customerId') customerId: string,
    @Body({ schema: AddRequest }) line: z.infer<typeof AddRequest>,
  ): Promise<CartLine> {
    return this.carts.add(customerId, line);
  }

  @Patch('items')
  @HttpCode(202)
  update(
    @Param('customerId') customerId: string,
    @Body({ schema: UpdateRequest }) change: z.infer<typeof UpdateRequest>,
  ): Promise<void> {
    return this.carts.setQuantity(customerId, change);
  }

  @Get('items/:itemId')
  item(@Param('customerId') customerId: string, @Param('itemId') item: string): Promise<CartLine> {
    return this.carts.item(customerId, item);
  }

  @Delete('items/:itemId')
  @HttpCode(202)
  remove(@Param('customerId') customerId: string, @Param('itemId') item: string): Promise<void> {
    return this.carts.remove(customerId, item);
  }
}
