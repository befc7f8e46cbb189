import { useState } from 'react';
import { ApiError } from '../api-error.ts';
import { logIn } from '../api.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { passwordOf, textOf } from '../ui/form-values.ts';
import { NoticeBox } from '../ui/notice-box.tsx';
import { success } from '../ui/notice.ts';
import { useSubmit } from '../ui/use-submit.ts';

export function LoginDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [done, setDone] = useState(false);
  const { onSubmit, busy, failed } = useSubmit(async (form) => {
    try {
      await logIn(textOf(form, 'username'), passwordOf(form));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      throw new ApiError('Invalid login credentials.', 401, error.traceId, { cause: error });
    }
    setDone(true);
    location.reload(); // every part of the page shows the customer, the cart is another one
  });
  return (
    <Dialog id="login-modal" title="Login" open={open} onClose={onClose}>
      <form onSubmit={onSubmit}>
        <div id="login-message" role="status">
          {failed && <NoticeBox notice={failed} />}
          {done && <NoticeBox notice={success('Login successful.')} />}
        </div>
        <Field id="username-modal" name="username" label="Username" autoComplete="username" />
        <Field
          id="password-modal"
          name="password"
          label="Password"
          type="password"
          autoComplete="current-password"
        />
        <button className="btn btn-primary" disabled={busy || done}>
          Log in
        </button>
      </form>
    </Dialog>
  );
}
