import { listSocks } from '../api.ts';
import { BasketLines, LineSkeletons } from '../cart/basket-lines.tsx';
import { OrderSummary } from '../cart/order-summary.tsx';
import { AddressChoice } from '../checkout/address-choice.tsx';
import { CardChoice } from '../checkout/card-choice.tsx';
import { OrderButton } from '../checkout/order-button.tsx';
import { useCheckout } from '../checkout/use-checkout.ts';
import { text } from '../i18n/text.ts';
import { categoryPath, checkoutPath } from '../links.ts';
import { useShop } from '../shop.ts';
import { ProductRow } from '../socks/product-row.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { useLoad } from '../ui/use-load.ts';

export function BasketPage() {
  const { cart } = useShop();
  const socks = useLoad(() => listSocks({ size: 4 }));
  const empty = cart.data?.length === 0;
  return (
    <div className="container">
      <h1>{text.basket.title}</h1>
      {empty ? (
        <Empty picture="cat" title={text.basket.empty} hint={text.basket.emptyHint}>
          <a className="btn btn-primary" href={categoryPath({})}>
            {text.basket.find}
          </a>
        </Empty>
      ) : (
        <FilledBasket />
      )}
      <ProductRow id="youMayAlsoLike" title={text.socks.related} socks={socks} count={4} />
    </div>
  );
}

function FilledBasket() {
  const { loggedIn, cart } = useShop();
  const checkout = useCheckout();
  return (
    <div className="with-side side-right">
      <div>
        <Loading of={cart} skeleton={<LineSkeletons />}>
          {(lines) => <BasketLines lines={lines} />}
        </Loading>
      </div>
      <div className="stack">
        <OrderSummary lines={cart.data} />
        {loggedIn && (
          <>
            <AddressChoice checkout={checkout} />
            <CardChoice checkout={checkout} />
          </>
        )}
        <OrderButton checkout={checkout} label={text.basket.checkout} />
        {loggedIn && <a href={checkoutPath(1)}>{text.basket.stepByStep}</a>}
      </div>
    </div>
  );
}
