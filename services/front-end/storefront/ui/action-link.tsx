import type { KeyboardEvent, ReactNode } from 'react';

interface Props {
  id?: string;
  className?: string;
  onAction: () => void;
  describedBy?: string | undefined;
  children: ReactNode;
}

/** A button in the form of a link: clients of the shop look for links with these texts. */
export function ActionLink({ id, className, onAction, describedBy, children }: Props) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== ' ') return; // a link knows Enter only
    event.preventDefault();
    onAction();
  };
  return (
    <a
      id={id}
      href="#"
      role="button"
      className={className}
      aria-describedby={describedBy}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        event.preventDefault();
        onAction();
      }}
    >
      {children}
    </a>
  );
}
