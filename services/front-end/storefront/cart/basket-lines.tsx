import { addToCart, setQuantity, type CartLine, type PricedCart } from '../api.ts';
import { text } from '../i18n/text.ts';
import { useShop } from '../shop.ts';
import { SockLink } from '../socks/sock-link.tsx';
import { useSocks, type KnownSocks } from '../socks/use-socks.ts';
import { ActionLink } from '../ui/action-link.tsx';
import { BinIcon } from '../ui/icons.tsx';
import { problem, success } from '../ui/notice.ts';
import { dollars } from './money.ts';
import { QuantityField } from './quantity-field.tsx';

export function BasketLines({ of: { items, subtotal } }: { of: PricedCart }) {
  const { cart, notify } = useShop();
  const socks = useSocks(items.map(({ itemId }) => itemId));
  const words = text.basket;
  const update = async () => {
    if (await cart.settle()) notify(success(words.updated));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void update();
      }}
    >
      <table className="lines">
        <thead>
          <tr>
            <th>{words.product}</th>
            <th>{words.quantity}</th>
            <th className="number">{words.unitPrice}</th>
            <th className="number">{words.total}</th>
            <th>
              <span className="hidden">{words.remove}</span>
            </th>
          </tr>
        </thead>
        <tbody id="cart-list">
          {items.map((line) => (
            <Line key={line.itemId} line={line} socks={socks} />
          ))}
        </tbody>
        <tfoot className="amounts" aria-busy={cart.priceOutdated}>
          <tr>
            <th colSpan={3} scope="row">
              {words.total}
            </th>
            <td id="cartTotal" className="number">
              {dollars(subtotal)}
            </td>
            <td />
          </tr>
        </tfoot>
      </table>
      <button className="btn btn-small btn-quiet">{words.update}</button>
    </form>
  );
}

function Line({ line, socks }: { line: CartLine; socks: KnownSocks }) {
  const { cart, notify } = useShop();
  const { itemId, quantity, unitPrice } = line;
  const name = socks.get(itemId)?.name ?? text.socks.unnamed(itemId);

  const bringBack = async () => {
    notify(null);
    try {
      await addToCart(itemId);
      if (quantity > 1) await setQuantity(itemId, quantity);
    } catch (error) {
      notify(problem(error, text.basket.notUpdated));
    }
    cart.reload();
  };

  const remove = () => {
    cart.remove(itemId);
    const undo = { text: text.basket.undo, run: () => void bringBack() };
    notify(success(text.basket.removed(name), undo));
  };

  return (
    <tr>
      <td className="line-sock">
        <SockLink id={itemId} socks={socks} size={80} />
      </td>
      <td className="line-quantity">
        <QuantityField
          name={name}
          quantity={quantity}
          onChange={(next) => {
            cart.setQuantity(itemId, next);
          }}
        />
      </td>
      <td className="number line-price">{dollars(unitPrice)}</td>
      <td className="number line-total">{dollars(quantity * unitPrice)}</td>
      <td className="line-remove">
        <ActionLink className="icon-btn" label={text.basket.removeSock(name)} onAction={remove}>
          <BinIcon />
        </ActionLink>
      </td>
    </tr>
  );
}
