/**
 * What the server said with the page, by name, in `server-timing`: the one header that a page's scripts can read. Some browsers show
 * it on https and localhost only.
 */
export function saidWithPage(wanted: string): string | undefined {
  const [page] = performance.getEntriesByType(
    'navigation',
  ) as Partial<PerformanceNavigationTiming>[];
  return page?.serverTiming?.find(({ name }) => name === wanted)?.description;
}
