import { AddressPanel } from './address-panel.tsx';
import { CardPanel } from './card-panel.tsx';
import { CheckoutStep } from './checkout-step.tsx';
import { Loading } from './loading.tsx';
import { dollars } from './money.ts';
import { OrderButton } from './order-button.tsx';
import { OrderSummary } from './order-summary.tsx';
import { useCheckout } from './use-checkout.ts';
import { useSocks } from './use-socks.ts';

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
