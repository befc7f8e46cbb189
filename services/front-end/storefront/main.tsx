import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { applyTheme } from './frame/theme.ts';
import { language } from './i18n/text.ts';
import { followNewestBuild } from './newest-build.ts';
import { pageAt } from './pages/pages.ts';
import { tracePage } from './trace/tracer.ts';

document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
applyTheme();
followNewestBuild();
tracePage();
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload(); // Back, to a page as it was: its cart may be another one by now
});
void show();

async function show(): Promise<void> {
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no #root');
  const Page = await pageAt(location.pathname);
  createRoot(root).render(
    <StrictMode>
      <App Page={Page} />
    </StrictMode>,
  );
}
