import { chooseLanguage, language, text } from '../storefront/i18n/text.ts';
import { keep, kept } from '../storefront/ui/kept.ts';
import { useState } from 'react';

const t = text.observatory;

type Theme = 'light' | 'dark';

/** The choice made here or in the shop; without one the system's is followed. */
export function applyTheme(): void {
  const chosen = kept('theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset['theme'] = chosen;
}

export function Appearance() {
  const [theme, setTheme] = useState<Theme>(() => {
    const { theme: chosen } = document.documentElement.dataset;
    if (chosen === 'light' || chosen === 'dark') return chosen;
    return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  });
  const next: Theme = theme === 'dark' ? 'light' : 'dark';
  return (
    <>
      <button
        type="button"
        className="button"
        onClick={() => {
          keep('theme', next);
          applyTheme();
          setTheme(next);
        }}
      >
        {next === 'dark' ? t.dark : t.light}
      </button>
      <button
        type="button"
        className="button"
        lang={language === 'en' ? 'zh-Hans' : 'en'}
        onClick={() => {
          chooseLanguage(language === 'en' ? 'zh' : 'en');
        }}
      >
        {language === 'en' ? '中文' : 'English'}
      </button>
    </>
  );
}
