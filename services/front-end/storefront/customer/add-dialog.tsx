import { useState, type ReactNode } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { useShop } from '../shop.ts';

interface Props {
  id: string;
  linkId: string;
  title: string;
  /** The form; it calls `done` once saved. */
  children: (done: () => void) => ReactNode;
}

/** A button that opens a form in a dialog. A guest must log in first. */
export function AddDialog({ id, linkId, title, children }: Props) {
  const { loggedIn, openLogin } = useShop();
  const [open, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
  };
  return (
    <>
      <button
        type="button"
        id={linkId}
        className="btn btn-quiet"
        onClick={() => {
          if (loggedIn) setOpen(true);
          else openLogin();
        }}
      >
        {title}
      </button>
      <Dialog id={id} title={title} open={open} onClose={close}>
        {children(close)}
      </Dialog>
    </>
  );
}
