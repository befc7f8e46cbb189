import type { KeyboardEvent, ReactNode } from 'react';

interface Props {
  id?: string;
  className?: string;
  onAction: () => void;
  /** In place of a text. */
  label?: string;
  describedBy?: string | undefined;
  /** The dialog that it opens, by which clients of the original find the link. */
  opens?: string;
  children: ReactNode;
}

/** A button in the form of a link: clients of the shop look for links with these texts. */
export function ActionLink({
  id,
  className,
  onAction,
  label,
  describedBy,
  opens,
  children,
}: Props) {
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
      aria-label={label}
      aria-describedby={describedBy}
      data-target={opens}
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
