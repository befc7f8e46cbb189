import type { ReactNode } from 'react';
import { Bone } from '../ui/skeleton.tsx';

interface Props<T> {
  name: string;
  label: string;
  options: T[];
  chosen: T | undefined;
  onChoose: (id: string) => void;
  children: (option: T) => ReactNode;
}

/** One of several; the only one is not asked for. */
export function Options<T extends { id?: string }>(props: Props<T>) {
  const { name, label, options, chosen, onChoose, children } = props;
  if (options.length === 1) return <div className="option">{options.map(children)}</div>;
  return (
    <fieldset className="options">
      <legend className="hidden">{label}</legend>
      {options.map((option) => (
        <label key={option.id} className="option">
          <input
            type="radio"
            name={name}
            value={option.id}
            checked={option === chosen}
            onChange={() => {
              if (option.id) onChoose(option.id);
            }}
          />
          {children(option)}
        </label>
      ))}
    </fieldset>
  );
}

export function OptionSkeleton() {
  return (
    <div className="option">
      <Bone width={10} height={4.5} />
    </div>
  );
}
