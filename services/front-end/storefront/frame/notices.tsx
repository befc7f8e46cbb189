import { useEffect, useRef, useState } from 'react';
import { text } from '../i18n/text.ts';
import { NoticeBox } from '../ui/notice-box.tsx';
import type { Notice } from '../ui/notice.ts';

/** Long enough to read two lines and to reach the button in them. */
const shownMs = 8000;

interface Props {
  /** What the shopper just did. A good one goes by itself. */
  notice: Notice | null;
  onClose: () => void;
  /** Unavailable parts. A notice stays until its part is back, or the shopper closes it. */
  unavailable: Notice[];
}

/** Above the page, at its lower edge: nothing moves when one comes or goes. */
export function Notices({ notice, onClose, unavailable }: Props) {
  const box = useRef<HTMLElement>(null);
  const [closed, setClosed] = useState<string[]>([]);
  useEffect(() => {
    if (notice?.kind !== 'success') return;
    const timer = setInterval(() => {
      if (!box.current?.matches(':hover, :focus-within')) onClose();
    }, shownMs);
    return () => {
      clearInterval(timer);
    };
  }, [notice]);
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
      <div role="status">{notice && <NoticeBox notice={notice} onClose={onClose} />}</div>
    </section>
  );
}
