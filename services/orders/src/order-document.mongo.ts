import { roundToCents } from '@sockshop/pricing';
import { Schema, Types } from 'mongoose';
import { masked, type Order } from './order.ts';
import type { OrderStatus } from './order-status.ts';

/** The original's document, with our fields below. Documents of the original have none of these and count as shipped. */
export interface OrderDocument {
  _id: Types.ObjectId;
  customerId: string;
  customer: { firstName: string; lastName: string; username: string };
  address: Order['address'];
  card: Order['card'];
  items: { _id: string | Types.ObjectId; itemId: string; quantity: number; unitPrice: number }[];
  shipment: { _id: string; name: string };
  date: Date;
  total: number;

  cartId?: string;
  cartTurn?: number;
  createdIn?: Order['createdIn'];
  status?: OrderStatus;
  history?: { status: OrderStatus; at: Date }[];
  cartTaken?: boolean;
  shipmentSent?: boolean;
  unfinished?: boolean;
  touched?: Date;
}

/** An order that is not placed: created, declined or cancelled. Of a placed one only `placed` and the key are left. */
export interface CheckoutDocument extends OrderDocument {
  /** Unique; an order without a key has its id here. */
  idempotencyKey: string;
}
export interface PlacedKey {
  _id: Types.ObjectId;
  idempotencyKey: string;
  placed: true;
}

const nested = { _id: false } as const;
const text = { type: String, default: '' };
const fields = {
  customerId: { type: String, required: true },
  customer: new Schema({ firstName: text, lastName: text, username: text }, nested),
  address: new Schema(
    { number: text, street: text, city: text, postcode: text, country: text },
    nested,
  ),
  card: new Schema({ longNum: text, expires: text, ccv: text }, nested),
  items: [new Schema({ _id: String, itemId: String, quantity: Number, unitPrice: Number })],
  shipment: new Schema({ _id: String, name: String }),
  date: { type: Date, required: true },
  total: { type: Number, required: true },
  cartId: String,
  cartTurn: Number,
  createdIn: new Schema(
    { traceparent: String, tracestate: String, baggage: String, b3: String },
    nested,
  ),
  status: String,
  history: { type: [new Schema({ status: String, at: Date }, nested)], default: undefined },
  cartTaken: Boolean,
  shipmentSent: Boolean,
  unfinished: Boolean,
  touched: Date,
};
export const orderSchema = new Schema<OrderDocument>(fields, {
  collection: 'customerOrder',
  versionKey: false,
})
  .index({ customerId: 1, date: 1, _id: 1 })
  .index({ date: 1, _id: 1 })
  .index({ 'shipment._id': 1 })
  .index({ unfinished: 1, touched: 1 });
export const checkoutSchema = new Schema<CheckoutDocument>(
  { ...fields, idempotencyKey: { type: String, required: true } },
  { collection: 'checkout', versionKey: false },
)
  .index({ 'shipment._id': 1 })
  .index({ unfinished: 1, touched: 1 })
  .index({ idempotencyKey: 1 }, { unique: true });

/** Which order has, or had last, the lines of a cart. */
export interface CartTurnDocument {
  /** The id of the cart. */
  _id: string;
  turn: number;
  orderId: string;
}

export const cartTurnSchema = new Schema<CartTurnDocument>(
  { _id: String, turn: Number, orderId: String },
  { collection: 'cart_turn', versionKey: false },
);

/** The original stored null ids, amounts as inexact 32-bit floats, and full card numbers: none of these leaves the store. */
export function toOrder(document: OrderDocument): Order {
  const { _id, customer, address, items, shipment, ...same } = document;
  const { firstName, lastName, username } = customer;
  const { number, street, city, postcode, country } = address;
  return {
    id: _id.toString(),
    customerId: same.customerId,
    customer: { firstName, lastName, username },
    address: { number, street, city, postcode, country },
    card: masked(same.card),
    items: items.map((item) => ({
      id: item._id.toString(),
      itemId: item.itemId,
      quantity: item.quantity,
      unitPrice: roundToCents(item.unitPrice),
    })),
    shipment: { id: shipment._id, name: shipment.name },
    date: same.date,
    total: roundToCents(same.total),
    cartId: same.cartId ?? same.customerId,
    ...(same.cartTurn !== undefined && { cartTurn: same.cartTurn }),
    ...(same.createdIn !== undefined && { createdIn: same.createdIn }),
    status: same.status ?? 'SHIPPED',
    history: same.history ?? [],
    cartTaken: same.cartTaken ?? true,
    shipmentSent: same.shipmentSent ?? true,
  };
}
