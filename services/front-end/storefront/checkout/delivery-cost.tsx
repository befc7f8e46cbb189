import { dollars } from '../cart/money.ts';
import { text } from '../i18n/text.ts';
import { useShop } from '../shop.ts';

/** The only way of delivery, and its cost for this cart once that is known. */
export function DeliveryCost() {
  const { data } = useShop().cart;
  return [text.checkout.standard, ...(data ? [dollars(data.shipping)] : [])].join(', ');
}
