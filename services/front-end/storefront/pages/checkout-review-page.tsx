import type { ReactNode } from 'react';
import { dollars } from '../cart/money.ts';
import { CheckoutStep } from '../checkout/checkout-step.tsx';
import { DeliveryCost } from '../checkout/delivery-cost.tsx';
import { OrderButton } from '../checkout/order-button.tsx';
import { useCheckout } from '../checkout/use-checkout.ts';
import { AddressLines } from '../customer/address-lines.tsx';
import { CardLine } from '../customer/card-line.tsx';
import { text } from '../i18n/text.ts';
import { basketPath, checkoutPath } from '../links.ts';
import { useShop } from '../shop.ts';
import { SockLink } from '../socks/sock-link.tsx';
import { useSocks } from '../socks/use-socks.ts';
import { Loading } from '../ui/loading.tsx';

export function CheckoutReviewPage() {
  const { cart } = useShop();
  const checkout = useCheckout();
  const { addresses, cards, address, card } = checkout;
  const socks = useSocks((cart.data?.items ?? []).map(({ itemId }) => itemId));
  const words = text.checkout;
  return (
    <CheckoutStep page={4} parts={[addresses, cards]}>
      <Part title={words.review} changedAt={basketPath}>
        <Loading of={cart}>
          {({ items }) => (
            <ul className="ordered">
              {items.map(({ itemId, quantity, unitPrice }) => (
                <li key={itemId}>
                  <SockLink id={itemId} socks={socks} size={56} />
                  <span>× {quantity}</span>
                  <span className="number">{dollars(quantity * unitPrice)}</span>
                </li>
              ))}
            </ul>
          )}
        </Loading>
      </Part>
      <div className="columns review-parts">
        <Part title={words.address} changedAt={checkoutPath(1)}>
          <Loading of={addresses}>
            {() => (address ? <AddressLines address={address} /> : <p>{words.noAddress}</p>)}
          </Loading>
        </Part>
        <Part title={words.delivery}>
          <p>
            <DeliveryCost />
          </p>
        </Part>
        <Part title={words.card} changedAt={checkoutPath(3)}>
          <Loading of={cards}>
            {() => (card ? <CardLine card={card} /> : <p>{words.noCard}</p>)}
          </Loading>
        </Part>
      </div>
      <OrderButton checkout={checkout} />
    </CheckoutStep>
  );
}

interface PartProps {
  title: string;
  changedAt?: string;
  children: ReactNode;
}

function Part({ title, changedAt, children }: PartProps) {
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{title}</h2>
        {changedAt && (
          <a href={changedAt} aria-label={text.checkout.changeWhat(title)}>
            {text.checkout.change}
          </a>
        )}
      </div>
      {children}
    </section>
  );
}
