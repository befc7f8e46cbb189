import { success, type Notice } from '../ui/notice.ts';

const name = 'notice';

/** Leaves `text` for the page that is loaded next in this tab. */
export function tellNextPage(text: string): void {
  sessionStorage.setItem(name, text);
}

/** What the previous page left, once. */
export function fromPreviousPage(): Notice | null {
  const text = sessionStorage.getItem(name);
  if (text === null) return null;
  sessionStorage.removeItem(name);
  return success(text);
}
