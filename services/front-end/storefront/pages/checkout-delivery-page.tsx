import { CheckoutStep } from '../checkout/checkout-step.tsx';
import { dollars, shipping } from '../cart/money.ts';

export function CheckoutDeliveryPage() {
  return (
    <CheckoutStep step={2}>
      <section className="panel">
        <h2>Delivery</h2>
        <p>
          <strong>Standard delivery, {dollars(shipping)}.</strong> It is the only one we have, and
          the price is the same for every order.
        </p>
      </section>
    </CheckoutStep>
  );
}
