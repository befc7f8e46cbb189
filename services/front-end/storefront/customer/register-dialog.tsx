import { text } from '../i18n/text.ts';
import { Dialog } from '../ui/dialog.tsx';
import { RegisterForm } from './register-form.tsx';
import type { Login } from './use-login.ts';

export function RegisterDialog({ login }: { login: Login }) {
  return (
    <Dialog
      id="register-modal"
      title={text.frame.register}
      open={login.dialog === 'register'}
      onClose={login.close}
    >
      <RegisterForm place="modal" onRegistered={login.done} />
    </Dialog>
  );
}
