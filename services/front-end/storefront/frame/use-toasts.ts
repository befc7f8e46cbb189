import { useRef, useState } from 'react';
import type { Notice } from '../ui/notice.ts';

export interface Toast extends Notice {
  id: number;
}

/** More would cover the page. */
const atMost = 3;

/** What the shopper did lately. The same words again take the place of the first ones, and an error goes with the next try. */
export function useToasts(first: Notice | null) {
  const [toasts, setToasts] = useState<Toast[]>(() => (first ? [{ ...first, id: 0 }] : []));
  const last = useRef(0);
  const notify = (notice: Notice | null) => {
    if (!notice) {
      setToasts([]);
      return;
    }
    const toast = { ...notice, id: (last.current += 1) };
    setToasts((all) => {
      const others = all.filter(({ kind, text }) => kind === 'success' && text !== notice.text);
      return [...others, toast].slice(-atMost);
    });
  };
  const drop = (id: number) => {
    setToasts((all) => all.filter((toast) => toast.id !== id));
  };
  return { toasts, notify, drop };
}
