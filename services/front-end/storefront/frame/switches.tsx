import { useState } from 'react';
import { chooseLanguage, language, text } from '../i18n/text.ts';
import { ThemeIcon } from '../ui/icons.tsx';
import { chooseTheme, themeNow } from './theme.ts';

/** The language and the light. */
export function Switches() {
  const [theme, setTheme] = useState(themeNow);
  const other = language === 'en' ? 'zh' : 'en';
  return (
    <div className="switches">
      <button
        type="button"
        id="language"
        className="icon-btn language"
        lang={other}
        aria-label={text.frame.otherLanguageLabel}
        onClick={() => {
          chooseLanguage(other);
        }}
      >
        {text.frame.otherLanguage}
      </button>
      <button
        type="button"
        id="theme"
        className="icon-btn"
        aria-label={text.frame.dark}
        aria-pressed={theme === 'dark'}
        onClick={() => {
          const next = theme === 'dark' ? 'light' : 'dark';
          chooseTheme(next);
          setTheme(next);
        }}
      >
        <ThemeIcon />
      </button>
    </div>
  );
}
