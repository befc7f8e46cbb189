/** Where the drawer is modal and covers the whole page. */
export const phone = '(max-width: 48rem)';
