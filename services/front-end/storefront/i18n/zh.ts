import type { en } from './en.ts';

/** What a shopper reads, in simplified Chinese. */
export const zh: typeof en = {
  shop: { skip: '跳到正文', close: '关闭' },
};
