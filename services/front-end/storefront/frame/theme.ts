import { keep, kept } from '../ui/kept.ts';

type Theme = 'light' | 'dark';

/** The shopper's choice; without one the style sheet follows the system. */
export function applyTheme(): void {
  const theme = kept('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
}

export function themeNow(): Theme {
  const chosen = document.documentElement.dataset['theme'];
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export function chooseTheme(theme: Theme): void {
  keep('theme', theme);
  document.documentElement.dataset['theme'] = theme;
}
