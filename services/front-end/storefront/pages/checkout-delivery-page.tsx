import { useEffect } from 'react';
import { checkoutPath } from '../links.ts';

/** The original's second page. There is one way of delivery, so nothing is asked here. */
export function CheckoutDeliveryPage() {
  useEffect(() => {
    location.replace(checkoutPath(3));
  }, []);
  return null;
}
