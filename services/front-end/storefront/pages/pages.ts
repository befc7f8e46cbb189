import type { ComponentType } from 'react';
import { CategoryPage } from './category-page.tsx';
import { DetailPage } from './detail-page.tsx';
import { HomePage } from './home-page.tsx';

/**
 * The original shop's pages at its paths. Each is a page load of its own, so there is no router. Those that show socks are in the
 * first script, the others in a second one.
 */
const pages = new Map<string, ComponentType>([
  ['/', HomePage],
  ['/index.html', HomePage],
  ['/category.html', CategoryPage],
  ['/detail.html', DetailPage],
]);

export async function pageAt(path: string): Promise<ComponentType> {
  const page = pages.get(path);
  if (page) return page;
  const { otherPages, NoPage } = await import('./other-pages.ts');
  return otherPages.get(path) ?? NoPage;
}
