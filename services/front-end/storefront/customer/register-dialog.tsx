import { Dialog } from '../ui/dialog.tsx';
import { RegisterForm } from './register-form.tsx';

export function RegisterDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog id="register-modal" title="Register" open={open} onClose={onClose}>
      <RegisterForm
        place="modal"
        onRegistered={() => {
          location.reload();
        }}
      />
    </Dialog>
  );
}
