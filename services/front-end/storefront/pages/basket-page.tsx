import { listSocks } from '../api.ts';
import { BasketLines } from '../cart/basket-lines.tsx';
import { OrderSummary } from '../cart/order-summary.tsx';
import { AddressChoice } from '../checkout/address-choice.tsx';
import { CardChoice } from '../checkout/card-choice.tsx';
import { OrderButton } from '../checkout/order-button.tsx';
import { useCheckout, type Checkout } from '../checkout/use-checkout.ts';
import { useTitle } from '../frame/use-title.ts';
import { text } from '../i18n/text.ts';
import { categoryPath, checkoutPath } from '../links.ts';
import { useShop } from '../shop.ts';
import { ProductRow } from '../socks/product-row.tsx';
import { AllKnown } from '../ui/all-known.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { useLoad } from '../ui/use-load.ts';

/** Socks that are not in the cart yet. */
const shownOthers = 4;

export function BasketPage() {
  const { cart } = useShop();
  const checkout = useCheckout();
  useTitle(text.basket.title);
  const socks = useLoad(() => listSocks({ size: 12 }));
  const bought = (cart.data?.items ?? []).map(({ itemId }) => itemId);
  const others = socks.data?.filter(({ id }) => !bought.includes(id)).slice(0, shownOthers);
  const { addresses, cards } = checkout;
  return (
    <div className="container">
      <h1>{text.basket.title}</h1>
      <AllKnown of={[cart, addresses, cards]}>
        {cart.data?.items.length === 0 ? <EmptyBasket /> : <FilledBasket checkout={checkout} />}
        <ProductRow
          id="youMayAlsoLike"
          title={text.socks.related}
          socks={{ ...socks, data: others }}
          count={shownOthers}
        />
      </AllKnown>
    </div>
  );
}

function EmptyBasket() {
  return (
    <Empty picture="cat" title={text.basket.empty} hint={text.basket.emptyHint}>
      <a className="btn btn-primary" href={categoryPath({})}>
        {text.basket.find}
      </a>
    </Empty>
  );
}

function FilledBasket({ checkout }: { checkout: Checkout }) {
  const { loggedIn, cart } = useShop();
  return (
    <div className="with-side side-right">
      <div>
        <Loading of={cart}>{(data) => <BasketLines of={data} />}</Loading>
      </div>
      <div className="stack">
        <OrderSummary cart={cart} />
        {loggedIn && (
          <>
            <AddressChoice checkout={checkout} />
            <CardChoice checkout={checkout} />
          </>
        )}
        <OrderButton checkout={checkout} />
        {loggedIn && <a href={checkoutPath(1)}>{text.basket.checkout}</a>}
      </div>
    </div>
  );
}
