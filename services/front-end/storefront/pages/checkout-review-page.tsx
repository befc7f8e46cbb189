import { AddressPanel } from '../checkout/address-panel.tsx';
import { CardPanel } from '../checkout/card-panel.tsx';
import { CheckoutStep } from '../checkout/checkout-step.tsx';
import { Loading } from '../ui/loading.tsx';
import { dollars } from '../cart/money.ts';
import { OrderButton } from '../checkout/order-button.tsx';
import { OrderSummary } from '../cart/order-summary.tsx';
import { useCheckout } from '../checkout/use-checkout.ts';
import { useSocks } from '../socks/use-socks.ts';

export function CheckoutReviewPage() {
  const checkout = useCheckout();
  const { cart, address, card } = checkout;
  const socks = useSocks((cart.data ?? []).map(({ itemId }) => itemId));
  return (
    <CheckoutStep step={4}>
      <Loading of={cart}>
        {(lines) => (
          <ul className="panel">
            {lines.map(({ itemId, quantity, unitPrice }) => (
              <li key={itemId}>
                {quantity} × {socks.get(itemId)?.name ?? itemId}, {dollars(quantity * unitPrice)}
              </li>
            ))}
            {lines.length === 0 && <li>Your cart is empty.</li>}
          </ul>
        )}
      </Loading>
      <AddressPanel address={address} />
      <CardPanel card={card} />
      <OrderSummary lines={cart.data} />
      <OrderButton checkout={checkout} text="Place order" />
    </CheckoutStep>
  );
}
