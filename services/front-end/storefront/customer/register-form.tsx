import { useState } from 'react';
import { register } from '../api.ts';
import { text } from '../i18n/text.ts';
import { Field } from '../ui/field.tsx';
import { passwordOf, textOf } from '../ui/form-values.ts';
import { NoticePlace } from '../ui/notice-place.tsx';
import { success } from '../ui/notice.ts';
import { useSubmit } from '../ui/use-submit.ts';

/** How long the success is shown before the next page, as in the original. */
const readMs = 1500;

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
    await new Promise((goOn) => setTimeout(goOn, readMs));
    onRegistered();
  }, text.customer.notRegistered);
  const id = (name: string) => `register-${name}-${place}`;
  return (
    <form onSubmit={onSubmit}>
      <NoticePlace
        {...(place === 'modal' && { id: 'registration-message' })}
        notice={failed ?? (done ? success(text.customer.registered) : null)}
      />
      <Field
        id={id('username')}
        name="username"
        label={text.customer.username}
        autoComplete="username"
      />
      <Field
        id={id('first')}
        name="firstName"
        label={text.customer.firstName}
        autoComplete="given-name"
      />
      <Field
        id={id('last')}
        name="lastName"
        label={text.customer.lastName}
        autoComplete="family-name"
      />
      <Field
        id={id('email')}
        name="email"
        label={text.customer.email}
        type="email"
        autoComplete="email"
      />
      <Field
        id={id('password')}
        name="password"
        label={text.customer.password}
        type="password"
        autoComplete="new-password"
      />
      <button className="btn btn-primary btn-wide" disabled={busy || done}>
        {text.frame.register}
      </button>
    </form>
  );
}
