import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import { text } from '../i18n/text.ts';
import { ActionList } from './action-list.tsx';
import './drawer.css';
import { allArrived, mergeActions } from './my-actions.ts';
import { onRecent, recentActions } from './recent.ts';
import { phone } from './phone.ts';
import { myTraces, traceConfig, type TraceConfig } from './trace-api.ts';
import { TraceView } from './trace-view.tsx';
import { useGrowing } from './use-growing.ts';

const words = text.drawer;

/**
 * The shopper's own traces. Beside the page it is a dialog that leaves the page usable; on a phone it covers the page and is modal.
 */
export default function Drawer({ onClose, focus }: { onClose: () => void; focus: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const recent = useSyncExternalStore(onRecent, recentActions);
  const wide = useMedia(phone) === false;
  /** Null: the newest action, whichever it is. */
  const [picked, setPicked] = useState<string | null>(null);
  const [config, setConfig] = useState<TraceConfig>({});
  const asked = recent.map(({ traceId }) => traceId).join();
  const mine = useGrowing(`mine ${asked}`, myTraces, (now, before) =>
    allArrived(recentActions(), now, before, Date.now()),
  );
  const [stored, setStored] = useState(mine.data);
  if (mine.data !== undefined && mine.data !== stored) setStored(mine.data); // stays while a new list is fetched
  const actions = mergeActions(recent, stored ?? []);
  const newest = actions.find(({ page }) => !page) ?? actions[0];
  const chosen = actions.find(({ traceId }) => traceId === picked) ?? (wide ? newest : undefined);

  useEffect(() => {
    traceConfig().then(setConfig, () => undefined); // only a link is missing then
  }, []);
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (wide)
      element.open = true; // `show()` would take the focus
    else element.showModal();
    return () => {
      element.close();
    };
  }, [wide]);
  useLayoutEffect(() => {
    // Its script may come late: the shopper may be elsewhere by then.
    const here = document.activeElement;
    const left = here && here !== document.body && !here.closest('.trace-dock');
    if (focus && !left) title.current?.focus();
  }, []);
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      const here = document.activeElement;
      const free = here === document.body || dialog.current?.contains(here);
      if (event.key === 'Escape' && free && !event.defaultPrevented) onClose();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
    };
  }, [onClose]);

  return (
    <dialog
      ref={dialog}
      className="trace-drawer"
      aria-labelledby="trace-drawer-title"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="td-head">
        <h2 id="trace-drawer-title" ref={title} tabIndex={-1}>
          {words.title}
        </h2>
        <p>{words.intro}</p>
        <button type="button" className="td-close" aria-label={words.close} onClick={onClose}>
          <span aria-hidden="true">×</span>
        </button>
      </div>
      {mine.failure === 'unavailable' && (
        <p className="td-unavailable" role="status">
          {words.unavailable}
        </p>
      )}
      <div className="td-body">
        {(wide || !chosen) && (
          <ActionList
            actions={actions}
            loading={stored === undefined && mine.failure === undefined}
            live={mine.live && mine.failure === undefined}
            chosen={chosen?.traceId}
            onChoose={setPicked}
          />
        )}
        {chosen && (
          <TraceView
            key={chosen.traceId}
            action={chosen}
            config={config}
            onBack={
              wide
                ? undefined
                : () => {
                    setPicked(null);
                  }
            }
          />
        )}
      </div>
    </dialog>
  );
}

/** Undefined only before the page knows. */
function useMedia(query: string): boolean | undefined {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener('change', listener);
      return () => {
        media.removeEventListener('change', listener);
      };
    },
    () => matchMedia(query).matches,
  );
}
