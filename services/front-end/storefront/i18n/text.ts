import { kept, keep } from '../ui/kept.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

const languages = { en, zh };
export type Language = keyof typeof languages;

/** The shopper's choice, else the browser's language. Read once: another choice loads the page anew. */
export const language: Language = chosen() ?? (/^zh\b/i.test(navigator.language) ? 'zh' : 'en');

export const text = languages[language];

export function chooseLanguage(next: Language): void {
  keep('language', next);
  location.reload();
}

function chosen(): Language | undefined {
  const name = kept('language');
  return name === 'en' || name === 'zh' ? name : undefined;
}

export function tagName(tag: string): string {
  return text.tags[tag] ?? tag;
}
