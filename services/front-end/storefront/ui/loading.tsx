import type { ReactNode } from 'react';
import { ApiError } from '../api-error.ts';
import { text } from '../i18n/text.ts';
import { useShop } from '../shop.ts';
import { NoticeBox } from './notice-box.tsx';
import { problem } from './notice.ts';
import type { Loaded } from './use-load.ts';

interface Props<T> {
  of: Pick<Loaded<T>, 'data' | 'error' | 'reload'> & Partial<Pick<Loaded<T>, 'waiting'>>;
  /** As large as what will take its place: nothing on the page moves then. */
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
}

/** What was loaded, or what there is to say instead: only this part of the page waits or fails. */
export function Loading<T>({ of, skeleton, children }: Props<T>) {
  const { openLogin } = useShop();
  if (of.data !== undefined) return children(of.data);
  if (of.error === undefined) {
    return (
      <div className="waiting" aria-busy="true">
        <span className="hidden">{text.frame.loading}</span>
        {skeleton}
      </div>
    );
  }
  const mustLogIn = of.error instanceof ApiError && of.error.status === 401;
  const notice = problem(of.error);
  const action = mustLogIn
    ? { text: text.customer.logIn, run: openLogin }
    : { text: of.waiting ? text.frame.trying : text.frame.tryAgain, run: of.reload };
  return <NoticeBox notice={{ ...notice, action }} />;
}
