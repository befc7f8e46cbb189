import { useState } from 'react';
import { text } from '../i18n/text.ts';
import { MinusIcon, PlusIcon } from '../ui/icons.tsx';

const most = 999; // the cart's own limit

interface Props {
  name: string;
  quantity: number;
  onChange: (quantity: number) => void;
}

/** What is typed counts as soon as it is a number that the cart takes. */
export function QuantityField({ name, quantity, onChange }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  const change = (next: number) => {
    setDraft(null);
    onChange(next);
  };
  return (
    <div className="quantity">
      <button
        type="button"
        className="icon-btn"
        aria-label={text.basket.oneLess(name)}
        disabled={quantity <= 1}
        onClick={() => {
          change(quantity - 1);
        }}
      >
        <MinusIcon />
      </button>
      <input
        type="number"
        inputMode="numeric"
        min={1}
        max={most}
        required
        aria-label={text.basket.quantityOf(name)}
        value={draft ?? String(quantity)}
        onChange={({ currentTarget: { value, valueAsNumber } }) => {
          setDraft(value);
          const fits = Number.isInteger(valueAsNumber) && valueAsNumber >= 1;
          if (fits && valueAsNumber <= most) onChange(valueAsNumber);
        }}
        onBlur={() => {
          setDraft(null);
        }}
      />
      <button
        type="button"
        className="icon-btn"
        aria-label={text.basket.oneMore(name)}
        disabled={quantity >= most}
        onClick={() => {
          change(quantity + 1);
        }}
      >
        <PlusIcon />
      </button>
    </div>
  );
}
