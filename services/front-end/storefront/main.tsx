import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { pageAt } from './pages/pages.ts';
import { tracePage } from './trace/tracer.ts';

tracePage();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App Page={pageAt(location.pathname)} />
  </StrictMode>,
);
