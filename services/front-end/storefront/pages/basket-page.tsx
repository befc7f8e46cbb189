import { useState } from 'react';
import { AddressPanel } from '../checkout/address-panel.tsx';
import { listSocks } from '../api.ts';
import { BasketLines } from '../cart/basket-lines.tsx';
import { CardPanel } from '../checkout/card-panel.tsx';
import { categoryPath } from '../links.ts';
import { Loading } from '../ui/loading.tsx';
import { OrderButton } from '../checkout/order-button.tsx';
import { OrderSummary } from '../cart/order-summary.tsx';
import { ProductRow } from '../socks/product-row.tsx';
import { useCheckout } from '../checkout/use-checkout.ts';
import { useLoad } from '../ui/use-load.ts';

export function BasketPage() {
  const checkout = useCheckout();
  const socks = useLoad(() => listSocks({ size: 3 }));
  const [unsaved, setUnsaved] = useState(false);
  const { cart, address, card } = checkout;
  return (
    <div className="container">
      <h1>Shopping cart</h1>
      <div className="with-side side-right">
        <div>
          <Loading of={cart}>
            {(lines) =>
              lines.length > 0 ? (
                <BasketLines lines={lines} onUnsaved={setUnsaved} />
              ) : (
                <p>
                  Your cart is empty. <a href={categoryPath({})}>Find some socks</a>.
                </p>
              )
            }
          </Loading>
        </div>
        <div>
          <OrderSummary lines={cart.data} />
          <AddressPanel address={address} />
          <CardPanel card={card} />
          <OrderButton checkout={checkout} text="Proceed to checkout" unsaved={unsaved} />
          <p>
            <a href="/checkout1.html">Check out step by step</a>
          </p>
        </div>
      </div>
      <ProductRow id="youMayAlsoLike" title="You may also like these" socks={socks} />
    </div>
  );
}
