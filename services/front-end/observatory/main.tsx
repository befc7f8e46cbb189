import './observatory.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { language } from '../storefront/i18n/text.ts';
import { App } from './app.tsx';
import { applyTheme } from './appearance.tsx';

document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
applyTheme();
const root = document.getElementById('root');
if (!root) throw new Error('observatory.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
