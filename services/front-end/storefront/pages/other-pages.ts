import type { ComponentType } from 'react';
import { AccountPage } from './account-page.tsx';
import { BasketPage } from './basket-page.tsx';
import { CheckoutAddressPage } from './checkout-address-page.tsx';
import { CheckoutDeliveryPage } from './checkout-delivery-page.tsx';
import { CheckoutPaymentPage } from './checkout-payment-page.tsx';
import { CheckoutReviewPage } from './checkout-review-page.tsx';
import { OrderPage } from './order-page.tsx';
import { OrdersPage } from './orders-page.tsx';
import { RegisterPage } from './register-page.tsx';
import { WishlistPage } from './wishlist-page.tsx';

export { NoPage } from './no-page.tsx';

/** For buying, and for customers. */
export const otherPages = new Map<string, ComponentType>([
  ['/basket.html', BasketPage],
  ['/checkout1.html', CheckoutAddressPage],
  ['/checkout2.html', CheckoutDeliveryPage],
  ['/checkout3.html', CheckoutPaymentPage],
  ['/checkout4.html', CheckoutReviewPage],
  ['/customer-orders.html', OrdersPage],
  ['/customer-order.html', OrderPage],
  ['/customer-account.html', AccountPage],
  ['/customer-wishlist.html', WishlistPage],
  ['/register.html', RegisterPage],
]);
