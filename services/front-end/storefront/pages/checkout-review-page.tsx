import type { ReactNode } from 'react';
import { dollars, shipping } from '../cart/money.ts';
import { CheckoutStep } from '../checkout/checkout-step.tsx';
import { OrderButton } from '../checkout/order-button.tsx';
import { useCheckout } from '../checkout/use-checkout.ts';
import { AddressLines } from '../customer/address-lines.tsx';
import { CardLine } from '../customer/card-line.tsx';
import { text } from '../i18n/text.ts';
import { basketPath, checkoutPath } from '../links.ts';
import { useShop } from '../shop.ts';
import { Picture } from '../socks/picture.tsx';
import { useSocks } from '../socks/use-socks.ts';
import { Loading } from '../ui/loading.tsx';

export function CheckoutReviewPage() {
  const { cart } = useShop();
  const checkout = useCheckout();
  const { addresses, cards, address, card } = checkout;
  const socks = useSocks((cart.data ?? []).map(({ itemId }) => itemId));
  const words = text.checkout;
  return (
    <CheckoutStep step={4}>
      <Part title={words.review} changedAt={basketPath}>
        <Loading of={cart}>
          {(lines) => (
            <ul className="ordered">
              {lines.map(({ itemId, quantity, unitPrice }) => (
                <li key={itemId}>
                  <Picture jpeg={socks.get(itemId)?.imageUrl[0]} alt="" size={56} eager />
                  <span>
                    {quantity} × {socks.get(itemId)?.name ?? text.socks.unnamed(itemId)}
                  </span>
                  <span className="number">{dollars(quantity * unitPrice)}</span>
                </li>
              ))}
            </ul>
          )}
        </Loading>
      </Part>
      <div className="columns">
        <Part title={words.address} changedAt={checkoutPath(1)}>
          <Loading of={addresses}>
            {() => (address ? <AddressLines address={address} /> : <p>{words.noAddress}</p>)}
          </Loading>
        </Part>
        <Part title={words.delivery}>
          <p>
            {words.standard}, {dollars(shipping)}
          </p>
        </Part>
        <Part title={words.card} changedAt={checkoutPath(3)}>
          <Loading of={cards}>
            {() => (card ? <CardLine card={card} /> : <p>{words.noCard}</p>)}
          </Loading>
        </Part>
      </div>
      <OrderButton checkout={checkout} label={words.place} />
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
