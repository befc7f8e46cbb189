import type { ComponentType } from 'react';
import { AccountPage } from './account-page.tsx';
import { BasketPage } from './basket-page.tsx';
import { CategoryPage } from './category-page.tsx';
import { CheckoutAddressPage } from './checkout-address-page.tsx';
import { CheckoutDeliveryPage } from './checkout-delivery-page.tsx';
import { CheckoutPaymentPage } from './checkout-payment-page.tsx';
import { CheckoutReviewPage } from './checkout-review-page.tsx';
import { DetailPage } from './detail-page.tsx';
import { HomePage } from './home-page.tsx';
import { NoPage } from './no-page.tsx';
import { OrderPage } from './order-page.tsx';
import { OrdersPage } from './orders-page.tsx';
import { RegisterPage } from './register-page.tsx';
import { WishlistPage } from './wishlist-page.tsx';

/** The original shop's pages at its paths. Each is a page load of its own, so there is no router. */
const pages = new Map<string, ComponentType>([
  ['/', HomePage],
  ['/index.html', HomePage],
  ['/category.html', CategoryPage],
  ['/detail.html', DetailPage],
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

export function pageAt(path: string): ComponentType {
  return pages.get(path) ?? NoPage;
}
