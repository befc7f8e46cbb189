import { CardChoice } from '../checkout/card-choice.tsx';
import { CheckoutStep } from '../checkout/checkout-step.tsx';
import { useCheckout } from '../checkout/use-checkout.ts';

export function CheckoutPaymentPage() {
  const checkout = useCheckout();
  return (
    <CheckoutStep page={3} complete={checkout.card !== undefined} parts={[checkout.cards]}>
      <CardChoice checkout={checkout} />
    </CheckoutStep>
  );
}
