import { lazy, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { text } from '../i18n/text.ts';
import { ErrorBoundary } from '../frame/error-boundary.tsx';
import { phone } from './phone.ts';
import { onRecent, recentActions } from './recent.ts';
import './trace-dock.css';
import { tracing } from './tracer.ts';

const Drawer = lazy(() => import('./drawer.tsx'));
const words = text.drawer;
const key = 'trace-drawer';

/** The handle of the trace drawer at the foot of each page, and the drawer itself once it is wanted. */
export function TraceDock() {
  const recent = useSyncExternalStore(onRecent, recentActions);
  const [open, setOpen] = useState(wasOpen);
  /** Opened here, not on the page before: only then the focus goes there. */
  const [asked, setAsked] = useState(false);
  const handle = useRef<HTMLButtonElement>(null);
  const left = useRef(false);
  useEffect(() => {
    keepOpen(open);
    document.documentElement.toggleAttribute('data-traces', open);
    if (!open && left.current) handle.current?.focus(); // it is there again only now
  }, [open]);
  if (!tracing) return null;
  const done = recent.filter(({ page }) => !page);
  const last = done[0];
  const close = () => {
    left.current = true;
    setOpen(false);
  };
  return (
    <aside className="trace-dock" aria-label={words.title}>
      <button
        type="button"
        ref={handle}
        className={`trace-handle${last?.failed ? ' trace-failed' : ''}`}
        aria-expanded={open}
        title={open ? words.close : words.open}
        onClick={() => {
          setAsked(true);
          setOpen(!open);
        }}
      >
        <svg viewBox="0 0 20 14" aria-hidden="true">
          <rect x="0" y="0" width="13" height="3" rx="1.5" />
          <rect x="4" y="5.5" width="9" height="3" rx="1.5" />
          <rect x="10" y="11" width="10" height="3" rx="1.5" />
        </svg>
        {words.handle}
        {recent.length > 0 && <span className="trace-count">{recent.length}</span>}
        {last?.failed && (
          <span className="trace-alarm">
            <span aria-hidden="true">!</span>
            <span className="hidden">{words.handleFailed}</span>
          </span>
        )}
      </button>
      {open && (
        <ErrorBoundary>
          <Suspense>
            <Drawer onClose={close} focus={asked} />
          </Suspense>
        </ErrorBoundary>
      )}
    </aside>
  );
}

/** On the page before. On a phone a page begins with the page, which the drawer would cover. */
function wasOpen(): boolean {
  if (matchMedia(phone).matches) return false;
  try {
    return sessionStorage.getItem(key) === 'open';
  } catch {
    return false;
  }
}

function keepOpen(open: boolean): void {
  try {
    if (open) sessionStorage.setItem(key, 'open');
    else sessionStorage.removeItem(key);
  } catch {
    // The next page then begins with the drawer closed.
  }
}
