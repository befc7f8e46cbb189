/** Files of the original's pages that recorded scripts ask for with each page. Ours are small, and no page of ours needs them. */
export const ORIGINAL_FILES = [
  '/topbar.html',
  '/navbar.html',
  '/footer.html',
  '/favicon.ico',
  '/css/style.blue.css',
  '/img/logo.png',
] as const;
