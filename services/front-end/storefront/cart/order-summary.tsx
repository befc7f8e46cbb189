import type { CartLine } from '../api.ts';
import { dollars, shipping, subtotal } from './money.ts';

export function OrderSummary({ lines }: { lines: CartLine[] | undefined }) {
  const goods = lines && subtotal(lines);
  return (
    <section className="panel" aria-labelledby="order-summary-title">
      <h2 id="order-summary-title">Order summary</h2>
      <table id="order-summary">
        <tbody>
          <tr>
            <th scope="row">Order subtotal</th>
            <td id="orderSubtotal">{goods === undefined ? '–' : dollars(goods)}</td>
          </tr>
          <tr>
            <th scope="row">Shipping and handling</th>
            <td id="orderShipping">{dollars(shipping)}</td>
          </tr>
          <tr>
            <th scope="row">Tax</th>
            <td id="orderTax">{dollars(0)}</td>
          </tr>
          <tr className="total">
            <th scope="row">Total</th>
            <td id="orderGrandTotal">{goods === undefined ? '–' : dollars(goods + shipping)}</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}
