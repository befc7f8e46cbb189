import { AddressPanel } from './address-panel.tsx';
import { CheckoutStep } from './checkout-step.tsx';
import { useCheckout } from './use-checkout.ts';

export function CheckoutAddressPage() {
  const { address } = useCheckout();
  return (
    <CheckoutStep step={1}>
      <AddressPanel address={address} />
    </CheckoutStep>
  );
}
