import type { ReactNode } from 'react';
import { OrderSummary } from '../cart/order-summary.tsx';
import { useTitle } from '../frame/use-title.ts';
import { text } from '../i18n/text.ts';
import { basketPath, categoryPath, checkoutPath } from '../links.ts';
import { useShop } from '../shop.ts';
import { AllKnown, type Part } from '../ui/all-known.tsx';
import { Empty } from '../ui/empty.tsx';
import { SignIn } from './sign-in.tsx';

/** Their pages have the numbers of the original's, whose second one is the delivery: there is nothing to choose. */
const steps = [
  { page: 1, name: text.checkout.steps.address },
  { page: 3, name: text.checkout.steps.payment },
  { page: 4, name: text.checkout.steps.review },
];

interface Props {
  /** The number of its page. */
  page: number;
  /** What this step asks for is there. */
  complete?: boolean;
  /** What this step shows. */
  parts?: Part[];
  children: ReactNode;
}

/** The frame of each step: guests say who they are first, and come back to the step. */
export function CheckoutStep({ page, complete = true, parts = [], children }: Props) {
  const { loggedIn, cart } = useShop();
  const words = text.checkout;
  const at = steps.findIndex((step) => step.page === page);
  const before = steps[at - 1];
  const next = steps[at + 1];
  useTitle(steps[at]?.name, words.title);
  if (cart.data?.items.length === 0) return <NothingToOrder />;
  return (
    <div className="container">
      <h1>{words.title}</h1>
      <nav aria-label={words.progress}>
        <ol className="steps">
          {steps.map((step, index) => (
            <li key={step.page} data-done={index < at}>
              <a href={checkoutPath(step.page)} aria-current={index === at ? 'step' : undefined}>
                {step.name}
              </a>
            </li>
          ))}
        </ol>
      </nav>
      <AllKnown of={[cart, ...parts]}>
        <div className="with-side side-right">
          <div>
            {loggedIn ? children : <SignIn />}
            <div className="buttons">
              <a className="btn" href={before ? checkoutPath(before.page) : basketPath}>
                {words.back}
              </a>
              {loggedIn && complete && next && (
                <a className="btn btn-primary" href={checkoutPath(next.page)}>
                  {words.next}
                </a>
              )}
            </div>
          </div>
          <OrderSummary cart={cart} />
        </div>
      </AllKnown>
    </div>
  );
}

function NothingToOrder() {
  return (
    <div className="container">
      <h1>{text.checkout.title}</h1>
      <Empty picture="cat" title={text.basket.empty} hint={text.basket.emptyHint}>
        <a className="btn btn-primary" href={categoryPath({})}>
          {text.basket.find}
        </a>
      </Empty>
    </div>
  );
}
