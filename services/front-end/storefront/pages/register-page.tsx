import { LoginFirst } from '../customer/login-first.tsx';
import { RegisterForm } from '../customer/register-form.tsx';
import { useTitle } from '../frame/use-title.ts';
import { text } from '../i18n/text.ts';
import { useShop } from '../shop.ts';

export function RegisterPage() {
  const { customer } = useShop();
  useTitle(text.customer.newAccount);
  return (
    <div className="container narrow">
      <h1>{text.customer.newAccount}</h1>
      {customer && <p>{text.customer.youAre(customer.username)}</p>}
      <div className="panel">
        <RegisterForm
          place="page"
          onRegistered={() => {
            location.assign('/');
          }}
        />
      </div>
      <section className="row">
        <h2>{text.customer.already}</h2>
        <LoginFirst why={text.customer.toGoOn} />
      </section>
    </div>
  );
}
