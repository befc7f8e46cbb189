import { text } from '../i18n/text.ts';
import { dollars } from './money.ts';
import type { Cart } from './use-cart.ts';

export function OrderSummary({ cart }: { cart: Cart }) {
  const { data: price, priceOutdated } = cart;
  const words = text.basket;
  return (
    <section className="panel" aria-labelledby="order-summary-title">
      <h2 id="order-summary-title">{words.summary}</h2>
      <table id="order-summary">
        <tbody className="amounts" aria-busy={priceOutdated}>
          <tr>
            <th scope="row">{words.subtotal}</th>
            <td id="orderSubtotal">{price ? dollars(price.subtotal) : '–'}</td>
          </tr>
          <tr>
            <th scope="row">{words.shipping}</th>
            <td id="orderShipping">{price ? dollars(price.shipping) : '–'}</td>
          </tr>
          <tr>
            <th scope="row">{words.tax}</th>
            <td id="orderTax">{dollars(0)}</td>
          </tr>
          <tr className="total">
            <th scope="row">{words.total}</th>
            <td id="orderGrandTotal" aria-live="polite">
              {price ? dollars(price.total) : '–'}
            </td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}
