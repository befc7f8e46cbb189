/** @throws Error where the browser does not allow copying. */
export async function copyText(copied: string): Promise<void> {
  // Only a page from https or this very machine may use the clipboard: a shop in a class room's network is neither.
  if (isSecureContext) await navigator.clipboard.writeText(copied);
  else copyBySelection(copied);
}

function copyBySelection(copied: string): void {
  const area = document.createElement('textarea');
  const before = document.activeElement;
  area.value = copied;
  (before?.parentElement ?? document.body).append(area); // inside an open modal dialog, else it gets no focus
  area.select();
  // The old way is the only one there.
  // oxlint-disable-next-line typescript/no-deprecated
  const done = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  if (!done) throw new Error('the browser does not copy');
}
