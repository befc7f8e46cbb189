import { AddressChoice } from '../checkout/address-choice.tsx';
import { CheckoutStep } from '../checkout/checkout-step.tsx';
import { useCheckout } from '../checkout/use-checkout.ts';

export function CheckoutAddressPage() {
  const checkout = useCheckout();
  return (
    <CheckoutStep page={1} complete={checkout.address !== undefined} parts={[checkout.addresses]}>
      <AddressChoice checkout={checkout} />
    </CheckoutStep>
  );
}
