import { CheckoutStep } from '../checkout/checkout-step.tsx';
import { DeliveryCost } from '../checkout/delivery-cost.tsx';
import { text } from '../i18n/text.ts';
import { ParcelIcon } from '../ui/icons.tsx';

export function CheckoutDeliveryPage() {
  const words = text.checkout;
  return (
    <CheckoutStep step={2}>
      <section className="panel" aria-labelledby="delivery-title">
        <h2 id="delivery-title">{words.delivery}</h2>
        <div className="option">
          <ParcelIcon />
          <span>
            <strong>
              <DeliveryCost />
            </strong>
            <br />
            <span className="muted">{words.standardHint}</span>
          </span>
        </div>
      </section>
    </CheckoutStep>
  );
}
