import { useState } from 'react';
import { ApiError } from '../api-error.ts';
import { logIn } from '../api.ts';
import { text } from '../i18n/text.ts';
import { Field } from '../ui/field.tsx';
import { passwordOf, textOf } from '../ui/form-values.ts';
import { NoticePlace } from '../ui/notice-place.tsx';
import { success } from '../ui/notice.ts';
import { useSubmit } from '../ui/use-submit.ts';

interface Props {
  /** A page may show the form beside the dialog's, with ids of its own. */
  place: 'modal' | 'page';
  onLoggedIn: () => void;
}

export function LoginForm({ place, onLoggedIn }: Props) {
  const words = text.customer;
  const [done, setDone] = useState(false);
  const { onSubmit, busy, failed } = useSubmit(async (form) => {
    setDone(false);
    try {
      await logIn(textOf(form, 'username'), passwordOf(form));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      throw new ApiError(words.wrong, 401, error.traceId, { cause: error });
    }
    setDone(true);
    onLoggedIn();
  });
  return (
    <form onSubmit={onSubmit}>
      <NoticePlace
        {...(place === 'modal' && { id: 'login-message' })}
        notice={failed ?? (done ? success(words.loggedIn) : null)}
      />
      <Field
        id={`username-${place}`}
        name="username"
        label={words.username}
        autoComplete="username"
      />
      <Field
        id={`password-${place}`}
        name="password"
        label={words.password}
        type="password"
        autoComplete="current-password"
      />
      <p className="muted">{words.tryThese}</p>
      <button className="btn btn-primary btn-wide" disabled={busy}>
        {words.logIn}
      </button>
    </form>
  );
}
