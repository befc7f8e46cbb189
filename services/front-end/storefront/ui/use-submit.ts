import { useState, type SubmitEvent } from 'react';
import { problem, type Notice } from './notice.ts';

/** The submit handler of a form, one submit at a time. A rejected `action` becomes `failed`. */
export function useSubmit(action: (form: FormData) => Promise<void>, prefix = '') {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Notice | null>(null);
  const submit = async (form: HTMLFormElement) => {
    setBusy(true);
    setFailed(null);
    try {
      await action(new FormData(form));
    } catch (error) {
      setFailed(problem(error, prefix));
    } finally {
      setBusy(false);
    }
  };
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!busy) void submit(event.currentTarget);
  };
  return { onSubmit, busy, failed };
}
