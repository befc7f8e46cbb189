import type { CartLine } from '../api.ts';
import { text } from '../i18n/text.ts';
import { dollars, shipping, subtotal } from './money.ts';

export function OrderSummary({ lines }: { lines: CartLine[] | undefined }) {
  const goods = lines && subtotal(lines);
  const words = text.basket;
  return (
    <section className="panel" aria-labelledby="order-summary-title">
      <h2 id="order-summary-title">{words.summary}</h2>
      <table id="order-summary">
        <tbody>
          <tr>
            <th scope="row">{words.subtotal}</th>
            <td id="orderSubtotal">{goods === undefined ? '–' : dollars(goods)}</td>
          </tr>
          <tr>
            <th scope="row">{words.shipping}</th>
            <td id="orderShipping">{dollars(shipping)}</td>
          </tr>
          <tr>
            <th scope="row">{words.tax}</th>
            <td id="orderTax">{dollars(0)}</td>
          </tr>
          <tr className="total">
            <th scope="row">{words.total}</th>
            <td id="orderGrandTotal" aria-live="polite">
              {goods === undefined ? '–' : dollars(goods + shipping)}
            </td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}
