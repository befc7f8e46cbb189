import { AddressChoice } from '../checkout/address-choice.tsx';
import { CheckoutStep } from '../checkout/checkout-step.tsx';
import { useCheckout } from '../checkout/use-checkout.ts';

export function CheckoutAddressPage() {
  const checkout = useCheckout();
  return (
    <CheckoutStep step={1} complete={checkout.address !== undefined}>
      <AddressChoice checkout={checkout} />
    </CheckoutStep>
  );
}
