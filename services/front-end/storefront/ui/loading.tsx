import type { ReactNode } from 'react';
import { ApiError } from '../api-error.ts';
import { NoticeBox } from './notice-box.tsx';
import { problem } from './notice.ts';
import { useShop } from '../shop.ts';
import type { Loaded } from './use-load.ts';

interface Props<T> {
  of: Loaded<T>;
  children: (data: T) => ReactNode;
}

/** What was loaded, or what there is to say instead: only this part of the page waits or fails. */
export function Loading<T>({ of, children }: Props<T>) {
  const { openLogin } = useShop();
  if (of.data !== undefined) return children(of.data);
  if (of.error === undefined) return <p className="muted">Loading…</p>;
  const mustLogIn = of.error instanceof ApiError && of.error.status === 401;
  return (
    <div>
      <NoticeBox notice={problem(of.error)} />
      <button type="button" className="btn" onClick={mustLogIn ? openLogin : of.reload}>
        {mustLogIn ? 'Log in' : 'Try again'}
      </button>
    </div>
  );
}
