const KEY = 'newest-build';
/** A part that is missing again so soon after a reload, in ms, is not there at all: loading the page without end would not help. */
const SOON_MS = 10_000;

/** A page that is open while the shop gets a newer build asks for parts that are gone. It is loaded anew, with the newest ones. */
export function followNewestBuild(): void {
  addEventListener('vite:preloadError', () => {
    try {
      const last = Number(sessionStorage.getItem(KEY) ?? 0);
      if (Date.now() - last < SOON_MS) return;
      sessionStorage.setItem(KEY, String(Date.now()));
      location.reload();
    } catch {
      // Without storage nothing would end a row of reloads.
    }
  });
}
