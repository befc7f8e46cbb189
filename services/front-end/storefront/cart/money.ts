import { language } from '../i18n/text.ts';

const format = new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-US', {
  style: 'currency',
  currency: 'USD',
});

export function dollars(amount: number): string {
  return format.format(amount);
}
