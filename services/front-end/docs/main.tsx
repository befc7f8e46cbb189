import '../storefront/styles/base.css';
import '../storefront/styles/buttons.css';
import '../storefront/styles/parts.css';
import './docs.css';
import './route.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { applyTheme } from '../storefront/frame/theme.ts';
import { language } from '../storefront/i18n/text.ts';
import { App } from './app.tsx';

document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
applyTheme();
const root = document.getElementById('root');
if (!root) throw new Error('docs.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
