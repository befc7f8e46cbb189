import { useEffect, useRef, type ReactNode } from 'react';
import { text } from '../i18n/text.ts';
import { CloseIcon } from './icons.tsx';

interface Props {
  id: string;
  title: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A modal dialog; what is inside stays in the document while it is closed. */
export function Dialog({ id, title, open, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog
      id={id}
      ref={dialog}
      aria-labelledby={`${id}-title`}
      onClose={onClose}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget) onClose(); // beside the box
      }}
    >
      <div className="dialog-box">
        <div className="dialog-head modal-header">
          {/* Clients of the original look for this element; to all others it is what it is here. */}
          <h4 id={`${id}-title`} role="heading" aria-level={2}>
            {title}
          </h4>
          <button
            type="button"
            className="icon-btn close"
            aria-label={text.frame.close}
            onClick={onClose}
          >
            <CloseIcon />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
