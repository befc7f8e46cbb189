import { useEffect } from 'react';
import { text } from '../i18n/text.ts';

/** Names the page in tab, history and bookmarks. Without parts, as on the home page, it has the shop's name alone. */
export function useTitle(...parts: (string | undefined)[]): void {
  const title = [...parts, text.frame.brand].filter(Boolean).join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
