import { useState } from 'react';
import { removeFromCart, setQuantity, type CartLine } from '../api.ts';
import { detailPath } from '../links.ts';
import { dollars, subtotal } from './money.ts';
import { problem, success } from '../ui/notice.ts';
import { Picture } from '../socks/picture.tsx';
import { useShop } from '../shop.ts';
import { useSocks } from '../socks/use-socks.ts';
import { useSubmit } from '../ui/use-submit.ts';

interface Props {
  lines: CartLine[];
  onUnsaved: (unsaved: boolean) => void;
}

export function BasketLines({ lines, onUnsaved }: Props) {
  const { cart, notify } = useShop();
  const socks = useSocks(lines.map(({ itemId }) => itemId));
  const [edited, setEdited] = useState(new Map<string, string>());
  const edit = (next: Map<string, string>) => {
    setEdited(next);
    onUnsaved(next.size > 0);
  };

  const { onSubmit, busy } = useSubmit(async () => {
    try {
      for (const [itemId, quantity] of edited) await setQuantity(itemId, Number(quantity));
      notify(success('Basket updated.'));
      edit(new Map());
    } catch (error) {
      notify(problem(error, 'The basket could not be updated. '));
    }
    cart.reload();
  });

  const remove = async (itemId: string) => {
    try {
      await removeFromCart(itemId);
      edit(new Map([...edited].filter(([id]) => id !== itemId)));
    } catch (error) {
      notify(problem(error, 'The sock could not be removed. '));
    }
    cart.reload();
  };

  return (
    <form onSubmit={onSubmit}>
      <table className="lines">
        <thead>
          <tr>
            <th>Product</th>
            <th>Quantity</th>
            <th className="number">Unit price</th>
            <th className="number">Total</th>
            <th>
              <span className="hidden">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody id="cart-list">
          {lines.map((line) => {
            const sock = socks.get(line.itemId);
            const name = sock?.name ?? `Sock ${line.itemId}`;
            return (
              <tr key={line.itemId}>
                <td>
                  <div className="sock">
                    <Picture jpeg={sock?.imageUrl[0]} alt="" size={64} />
                    <a href={detailPath(line.itemId)}>{name}</a>
                  </div>
                </td>
                <td>
                  <input
                    type="number"
                    min={1}
                    max={999}
                    required
                    aria-label={`Quantity of ${name}`}
                    value={edited.get(line.itemId) ?? String(line.quantity)}
                    onChange={(event) => {
                      const next = new Map(edited).set(line.itemId, event.currentTarget.value);
                      if (event.currentTarget.value === String(line.quantity))
                        next.delete(line.itemId);
                      edit(next);
                    }}
                  />
                </td>
                <td className="number">{dollars(line.unitPrice)}</td>
                <td className="number">{dollars(line.quantity * line.unitPrice)}</td>
                <td>
                  <button
                    type="button"
                    className="close"
                    aria-label={`Remove ${name}`}
                    onClick={() => void remove(line.itemId)}
                  >
                    ×
                  </button>
                </td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th colSpan={3} scope="row">
              Total
            </th>
            <td id="cartTotal" className="number">
              {dollars(subtotal(lines))}
            </td>
            <td />
          </tr>
        </tfoot>
      </table>
      <button className="btn" disabled={busy || edited.size === 0}>
        Update basket
      </button>
    </form>
  );
}
