import type { ReactNode } from 'react';
import { OrderSummary } from '../cart/order-summary.tsx';
import { text } from '../i18n/text.ts';
import { basketPath, categoryPath, checkoutPath } from '../links.ts';
import { useShop } from '../shop.ts';
import { AllKnown, type Part } from '../ui/all-known.tsx';
import { Empty } from '../ui/empty.tsx';
import { SignIn } from './sign-in.tsx';

const steps = text.checkout.steps;

interface Props {
  /** From 1. */
  step: number;
  /** What this step asks for is there. */
  complete?: boolean;
  /** What this step shows. */
  parts?: Part[];
  children: ReactNode;
}

/** The frame of each step: guests say who they are first, and come back to the step. */
export function CheckoutStep({ step, complete = true, parts = [], children }: Props) {
  const { loggedIn, cart } = useShop();
  const words = text.checkout;
  const last = step === steps.length;
  if (cart.data?.items.length === 0) return <NothingToOrder />;
  return (
    <div className="container">
      <h1>{words.title}</h1>
      <nav aria-label={words.progress}>
        <ol className="steps">
          {steps.map((name, index) => (
            <li key={name} data-done={index + 1 < step}>
              <a
                href={checkoutPath(index + 1)}
                aria-current={index + 1 === step ? 'step' : undefined}
              >
                {name}
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
              <a className="btn" href={step === 1 ? basketPath : checkoutPath(step - 1)}>
                {words.back}
              </a>
              {loggedIn && complete && !last && (
                <a className="btn btn-primary" href={checkoutPath(step + 1)}>
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
