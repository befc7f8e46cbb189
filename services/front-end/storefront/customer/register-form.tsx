import { useState } from 'react';
import { register } from '../api.ts';
import { Field } from '../ui/field.tsx';
import { passwordOf, textOf } from '../ui/form-values.ts';
import { NoticeBox } from '../ui/notice-box.tsx';
import { success } from '../ui/notice.ts';
import { useSubmit } from '../ui/use-submit.ts';

interface Props {
  /** On register.html both are in one document, with ids of their own. */
  place: 'modal' | 'page';
  onRegistered: () => void;
}

export function RegisterForm({ place, onRegistered }: Props) {
  const [done, setDone] = useState(false);
  const { onSubmit, busy, failed } = useSubmit(async (form) => {
    await register({
      username: textOf(form, 'username'),
      password: passwordOf(form),
      email: textOf(form, 'email'),
      firstName: textOf(form, 'firstName'),
      lastName: textOf(form, 'lastName'),
    });
    setDone(true);
    onRegistered();
  }, 'There was a problem with your registration: ');
  const id = (name: string) => `register-${name}-${place}`;
  return (
    <form onSubmit={onSubmit}>
      <div id={place === 'modal' ? 'registration-message' : undefined} role="status">
        {failed && <NoticeBox notice={failed} />}
        {done && <NoticeBox notice={success('Registration and login successful.')} />}
      </div>
      <Field id={id('username')} name="username" label="Username" autoComplete="username" />
      <Field id={id('first')} name="firstName" label="First name" autoComplete="given-name" />
      <Field id={id('last')} name="lastName" label="Last name" autoComplete="family-name" />
      <Field id={id('email')} name="email" label="Email" type="email" autoComplete="email" />
      <Field
        id={id('password')}
        name="password"
        label="Password"
        type="password"
        autoComplete="new-password"
      />
      <button className="btn btn-primary" disabled={busy || done}>
        Register
      </button>
    </form>
  );
}
