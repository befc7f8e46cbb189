import { CardPanel } from '../checkout/card-panel.tsx';
import { CheckoutStep } from '../checkout/checkout-step.tsx';
import { useCheckout } from '../checkout/use-checkout.ts';

export function CheckoutPaymentPage() {
  const { card } = useCheckout();
  return (
    <CheckoutStep step={3}>
      <CardPanel card={card} />
    </CheckoutStep>
  );
}
