import type { ReactNode } from 'react';
import { basketPath } from '../links.ts';

const steps = ['Address', 'Delivery', 'Payment', 'Review'];

interface Props {
  /** From 1. */
  step: number;
  children: ReactNode;
}

export function CheckoutStep({ step, children }: Props) {
  return (
    <div className="container narrow">
      <h1>Checkout</h1>
      <ol className="steps">
        {steps.map((name, index) => (
          <li key={name}>
            <a
              href={`/checkout${index + 1}.html`}
              aria-current={index + 1 === step ? 'step' : undefined}
            >
              {name}
            </a>
          </li>
        ))}
      </ol>
      {children}
      <div className="buttons">
        <a className="btn" href={step === 1 ? basketPath : `/checkout${step - 1}.html`}>
          Back
        </a>
        {step < steps.length && (
          <a className="btn btn-primary" href={`/checkout${step + 1}.html`}>
            Continue
          </a>
        )}
      </div>
    </div>
  );
}
