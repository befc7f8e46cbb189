import { AddressPanel } from '../checkout/address-panel.tsx';
import { CheckoutStep } from '../checkout/checkout-step.tsx';
import { useCheckout } from '../checkout/use-checkout.ts';

export function CheckoutAddressPage() {
  const { address } = useCheckout();
  return (
    <CheckoutStep step={1}>
      <AddressPanel address={address} />
    </CheckoutStep>
  );
}
