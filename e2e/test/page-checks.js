import axe from 'axe-core';
import { gzipSync } from 'node:zlib';
// As text: what runs in the page does not know Node's types, nor Node the page's.
const RULES = JSON.stringify({
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
});
/** Elements that fade in lack contrast at first. Endless animations are not waited for. */
const STILL = `Promise.allSettled(document.getAnimations()
  .filter(({ effect }) => Number.isFinite(effect.getComputedTiming().endTime))
  .map(({ finished }) => finished)).then(() => undefined)`;
/** Axe's findings once the page stands still, one a line: the rule and the first place. */
export async function violations(page) {
    await page.evaluate(STILL);
    await page.evaluate(axe.source);
    return page.evaluate(`axe.run(document, ${RULES}).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 160)))`);
}
const WATCH_SHIFTS = `
  window.shifts = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });`;
/** Call it before opening a page. */
export async function watchShifts(page) {
    await page.addInitScript(WATCH_SHIFTS);
}
/** The cumulative layout shift of the page so far. */
export function shifts(page) {
    return page.evaluate('window.shifts');
}
const LOADED_SCRIPTS = `performance.getEntriesByType('resource')
  .map(({ name }) => name).filter((name) => new URL(name).pathname.endsWith('.js'))`;
/** Bytes of the page's scripts, compressed with gzip's default. */
export async function scriptBytes(page) {
    const urls = await page.evaluate(LOADED_SCRIPTS);
    const scripts = await Promise.all(urls.map(async (url) => gzipSync(await (await fetch(url)).arrayBuffer()).length));
    return scripts.reduce((sum, bytes) => sum + bytes, 0);
}
//# sourceMappingURL=page-checks.js.map