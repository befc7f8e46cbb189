import { useEffect, useRef, useState } from 'react';
import { text } from '../i18n/text.ts';
import { NoticeBox } from '../ui/notice-box.tsx';
import type { Notice } from '../ui/notice.ts';
import type { Toast } from './use-toasts.ts';

/** Long enough to read two lines and to reach the button in them. */
const shownMs = 8000;

interface Props {
  /** What the shopper did lately, the newest last. Good ones go by themselves. */
  toasts: Toast[];
  onDrop: (id: number) => void;
  /** Unavailable parts. A notice stays until its part is back, or the shopper closes it. */
  unavailable: Notice[];
}

/** Above the page, at its lower edge: nothing moves when one comes or goes. */
export function Notices({ toasts, onDrop, unavailable }: Props) {
  const [closed, setClosed] = useState<string[]>([]);
  const box = useRef<HTMLElement>(null);
  const shown = (kind: Notice['kind']) =>
    toasts
      .filter((toast) => toast.kind === kind)
      .map((toast) => (
        <ToastBox
          key={toast.id}
          toast={toast}
          isRead={() => box.current?.matches(':hover, :focus-within') === true}
          onDrop={() => {
            onDrop(toast.id);
          }}
        />
      ));
  return (
    <section id="notices" ref={box} aria-label={text.frame.notices}>
      {unavailable
        .filter((each) => !closed.includes(each.text))
        .map((each) => (
          <NoticeBox
            key={each.text}
            notice={each}
            onClose={() => {
              setClosed([...closed, each.text]);
            }}
          />
        ))}
      {shown('error')}
      <div role="status">{shown('success')}</div>
    </section>
  );
}

interface ToastProps {
  toast: Toast;
  /** The shopper is at the notices. */
  isRead: () => boolean;
  onDrop: () => void;
}

function ToastBox({ toast, isRead, onDrop }: ToastProps) {
  useEffect(() => {
    if (toast.kind !== 'success') return;
    const timer = setInterval(() => {
      if (!isRead()) onDrop();
    }, shownMs);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return <NoticeBox notice={toast} onClose={onDrop} />;
}
