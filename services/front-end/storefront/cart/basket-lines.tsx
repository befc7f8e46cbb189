import { addToCart, setQuantity, type CartLine, type Sock } from '../api.ts';
import { text } from '../i18n/text.ts';
import { detailPath } from '../links.ts';
import { useShop } from '../shop.ts';
import { Picture } from '../socks/picture.tsx';
import { useSocks } from '../socks/use-socks.ts';
import { BinIcon } from '../ui/icons.tsx';
import { problem, success } from '../ui/notice.ts';
import { Bone } from '../ui/skeleton.tsx';
import { dollars, subtotal } from './money.ts';
import { QuantityField } from './quantity-field.tsx';

export function BasketLines({ lines }: { lines: CartLine[] }) {
  const { cart, notify } = useShop();
  const socks = useSocks(lines.map(({ itemId }) => itemId));
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
          {lines.map((line) => (
            <Line key={line.itemId} line={line} sock={socks.get(line.itemId)} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th colSpan={3} scope="row">
              {words.total}
            </th>
            <td id="cartTotal" className="number">
              {dollars(subtotal(lines))}
            </td>
            <td />
          </tr>
        </tfoot>
      </table>
      <button className="btn btn-small btn-quiet">{words.update}</button>
    </form>
  );
}

function Line({ line, sock }: { line: CartLine; sock: Sock | undefined }) {
  const { cart, notify } = useShop();
  const { itemId, quantity, unitPrice } = line;
  const name = sock?.name ?? text.socks.unnamed(itemId);

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
        <div className="sock">
          <Picture jpeg={sock?.imageUrl[0]} alt="" size={80} eager />
          <a href={detailPath(itemId)}>{name}</a>
        </div>
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
        <button
          type="button"
          className="icon-btn"
          aria-label={text.basket.removeSock(name)}
          onClick={remove}
        >
          <BinIcon />
        </button>
      </td>
    </tr>
  );
}

export function LineSkeletons() {
  return [1, 2].map((line) => (
    <div className="sock line-skeleton" key={line}>
      <span className="picture" />
      <Bone width={8} />
    </div>
  ));
}
