/** What a shopper reads, in English. Texts that clients of the original shop look for stay word by word. */
export const en = {
  shop: { skip: 'Skip to content', close: 'Close' },
};
