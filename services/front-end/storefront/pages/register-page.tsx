import { LoginFirst } from '../customer/login-first.tsx';
import { RegisterForm } from '../customer/register-form.tsx';
import { useShop } from '../shop.ts';

export function RegisterPage() {
  const { customer } = useShop();
  return (
    <div className="container narrow">
      <h1>New account</h1>
      {customer && <p>You are logged in as {customer.username}.</p>}
      <RegisterForm
        place="page"
        onRegistered={() => {
          location.assign('/');
        }}
      />
      <h2>Already our customer?</h2>
      <LoginFirst to="go on shopping" />
    </div>
  );
}
