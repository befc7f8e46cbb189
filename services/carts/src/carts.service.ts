import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ShopError } from '@sockshop/service';
import { type CartLine, CartStore, MAX_QUANTITY, type NewLine } from './cart-store.ts';

export interface OrderedLine {
  /** Absent where the caller does not know it. */
  id?: string | undefined;
  itemId: string;
  quantity: number;
}

@Injectable()
export class CartsService implements OnModuleDestroy {
  constructor(private readonly store: CartStore) {}

  items(customerId: string): Promise<CartLine[]> {
    return this.store.items(customerId);
  }

  async item(customerId: string, itemId: string): Promise<CartLine> {
    const line = await this.store.item(customerId, itemId);
    if (!line) throw notInCart();
    return line;
  }

  async add(customerId: string, line: NewLine): Promise<CartLine> {
    const added = await this.store.add(customerId, line);
    if (!added) throw new ShopError(409, `a cart holds at most ${MAX_QUANTITY} pieces of one sock`);
    return added;
  }

  async setQuantity(
    customerId: string,
    {
      itemId,
      quantity,
      unitPrice,
    }: { itemId: string; quantity: number; unitPrice?: number | undefined },
  ): Promise<void> {
    if (!(await this.store.setQuantity(customerId, itemId, quantity, unitPrice))) throw notInCart();
  }

  async remove(customerId: string, itemId: string): Promise<void> {
    if (!(await this.store.remove(customerId, itemId))) throw notInCart();
  }

  clear(customerId: string): Promise<void> {
    return this.store.clear(customerId);
  }

  /**
   * Moves a guest's lines to the customer and adds up the quantities of the same sock. It may be repeated after a failure at any
   * point: each line is first added under its own mark, then dropped from the guest's cart.
   */
  async merge(customerId: string, guestId: string): Promise<void> {
    if (customerId === guestId) return;
    for (const line of await this.store.items(guestId)) {
      await this.store.changeOnce(customerId, [{ ...line, by: line.quantity }], line.id);
      const dropped = await this.store.drop(guestId, line.itemId);
      const late = (dropped?.quantity ?? 0) - line.quantity; // the guest has just added them
      if (late > 0) {
        await this.store.changeOnce(customerId, [{ ...line, by: late }], `${line.id}+${late}`);
      }
    }
  }

  /**
   * Takes the lines of an order out of the cart, once per order. Lines and pieces added since the order stay. So does a line that was
   * emptied and filled again, if the caller gives the line's id.
   */
  async take(customerId: string, orderId: string, lines: OrderedLine[]): Promise<void> {
    const changes = lines.map(({ id, itemId, quantity }) => ({
      itemId,
      lineId: id,
      unitPrice: 0,
      by: -quantity,
    }));
    await this.store.changeOnce(customerId, changes, orderId);
  }

  async onModuleDestroy(): Promise<void> {
    await this.store.close();
  }
}

function notInCart(): ShopError {
  return new ShopError(404, 'Cannot find item in cart'); // the original's words
}
