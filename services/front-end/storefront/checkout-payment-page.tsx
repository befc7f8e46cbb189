import { CardPanel } from './card-panel.tsx';
import { CheckoutStep } from './checkout-step.tsx';
import { useCheckout } from './use-checkout.ts';

export function CheckoutPaymentPage() {
  const { card } = useCheckout();
  return (
    <CheckoutStep step={3}>
      <CardPanel card={card} />
    </CheckoutStep>
  );
}
