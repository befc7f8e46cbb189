import type { InputHTMLAttributes } from 'react';

type Props = InputHTMLAttributes<HTMLInputElement> & { id: string; label: string };

export function Field({ id, label, ...input }: Props) {
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} required maxLength={100} {...input} />
    </p>
  );
}
