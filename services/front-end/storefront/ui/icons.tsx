import type { ReactNode } from 'react';

/** Decoration beside words, or inside of a button that has a label. */
function Icon({ children }: { children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      {children}
    </svg>
  );
}

export const CartIcon = () => (
  <Icon>
    <path d="M5 8h14l-1.2 11.2a1 1 0 0 1-1 .8H7.2a1 1 0 0 1-1-.8ZM9 10.5V7a3 3 0 0 1 6 0v3.5" />
  </Icon>
);
export const MenuIcon = () => (
  <Icon>
    <path d="M4 7h16M4 12h16M4 17h16" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="m6 6 12 12M18 6 6 18" />
  </Icon>
);
export const ThemeIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 3.5a8.5 8.5 0 0 1 0 17Z" className="icon-full" />
  </Icon>
);
export const PlusIcon = () => (
  <Icon>
    <path d="M12 6v12M6 12h12" />
  </Icon>
);
export const MinusIcon = () => (
  <Icon>
    <path d="M6 12h12" />
  </Icon>
);
export const BinIcon = () => (
  <Icon>
    <path d="M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v6M13.5 10.5v6" />
  </Icon>
);
export const CheckIcon = () => (
  <Icon>
    <path d="m5.5 12.5 4.2 4.2L18.5 8" />
  </Icon>
);
export const FootIcon = () => (
  <Icon>
    <path d="M9 3h6v8.5l4 3.2a3.3 3.3 0 0 1-2.1 5.8h-4a4 4 0 0 1-2.6-1L9.4 18A4 4 0 0 1 8 15Z M8.6 6.5H15" />
  </Icon>
);
export const ParcelIcon = () => (
  <Icon>
    <path d="m4 8 8-4 8 4v8.5l-8 4-8-4ZM4 8l8 4 8-4M12 12v8.5M8 6l8 4" />
  </Icon>
);
export const StepsIcon = () => (
  <Icon>
    <path d="M4 18.5h4v-4h4v-4h4v-4h4" />
    <circle cx="5" cy="9" r="1.5" />
  </Icon>
);
