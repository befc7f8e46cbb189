import { LoginForm } from '../customer/login-form.tsx';
import { RegisterForm } from '../customer/register-form.tsx';
import { text } from '../i18n/text.ts';

/** Loads the same page anew, for the customer and with the guest's cart. */
const comeBack = () => {
  location.reload();
};

export function SignIn() {
  const words = text.checkout;
  return (
    <>
      <p>
        <strong>{words.mustLogIn}</strong> {words.comeBack}
      </p>
      <div className="columns sign-in">
        <section className="panel" aria-labelledby="sign-in-login">
          <h2 id="sign-in-login">{words.haveAccount}</h2>
          <LoginForm place="page" onLoggedIn={comeBack} />
        </section>
        <section className="panel" aria-labelledby="sign-in-register">
          <h2 id="sign-in-register">{words.newHere}</h2>
          <RegisterForm place="page" onRegistered={comeBack} />
        </section>
      </div>
    </>
  );
}
