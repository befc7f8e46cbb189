import type { ReactNode } from 'react';
import { text } from '../storefront/i18n/text.ts';

const t = text.observatory;

interface ButtonProps {
  on: boolean;
  does: string;
  give: () => void;
}

export function Button({ on, does, give }: ButtonProps) {
  return (
    <button type="button" className="button" disabled={!on} onClick={give}>
      {does}
    </button>
  );
}

interface FormProps {
  on: boolean;
  does?: string;
  /** Takes what is typed, by the names of the fields. */
  give: (values: Partial<Record<string, string>>) => void;
  /** The button that ends what the form has set. */
  off?: Omit<ButtonProps, 'on'> | undefined;
  children: ReactNode;
}

/** A command with values. */
export function MeshForm({ on, does = t.set, give, off, children }: FormProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const values = [...new FormData(event.currentTarget)];
        const text = (value: FormDataEntryValue) =>
          typeof value === 'string' ? value : value.name;
        give(Object.fromEntries(values.map(([name, value]) => [name, text(value)])));
      }}
    >
      {children}{' '}
      <button type="submit" className="button" disabled={!on}>
        {does}
      </button>{' '}
      {off && <Button on {...off} />}
    </form>
  );
}

interface NumberFieldProps {
  name: string;
  label: string;
  unit: string;
  least: number;
  most: number;
  /** What stands in it at first. */
  begin?: number;
}

export function NumberField({ name, label, unit, least, most, begin }: NumberFieldProps) {
  return (
    <label>
      {label}{' '}
      <input type="number" name={name} required min={least} max={most} defaultValue={begin} />{' '}
      {unit}
    </label>
  );
}
