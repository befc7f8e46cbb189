import { text } from '../i18n/text.ts';
import { Dialog } from '../ui/dialog.tsx';
import { LoginForm } from './login-form.tsx';
import type { Login } from './use-login.ts';

export function LoginDialog({ login }: { login: Login }) {
  return (
    <Dialog
      id="login-modal"
      title={text.frame.login}
      open={login.dialog === 'login'}
      onClose={login.close}
    >
      {login.expired && <p>{text.customer.expired}</p>}
      <LoginForm place="modal" onLoggedIn={login.done} />
    </Dialog>
  );
}
