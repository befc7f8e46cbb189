import { NoticeBox } from './notice-box.tsx';
import type { Notice } from './notice.ts';

interface Props {
  id?: string;
  notice: Notice | null;
}

/** Where a notice comes and goes. Screen readers say each once: an error is an alert of its own, so it is not in the status. */
export function NoticePlace({ id, notice }: Props) {
  return (
    <div id={id}>
      {notice?.kind === 'error' && <NoticeBox notice={notice} />}
      <div role="status">{notice?.kind === 'success' && <NoticeBox notice={notice} />}</div>
    </div>
  );
}
