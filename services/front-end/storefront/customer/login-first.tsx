import { text } from '../i18n/text.ts';
import { useShop } from '../shop.ts';

/** Says why, in whole words. */
export function LoginFirst({ why }: { why: string }) {
  const { openLogin } = useShop();
  return (
    <div className="login-first">
      <p>{why}</p>
      <button type="button" className="btn btn-primary" onClick={openLogin}>
        {text.customer.logInNow}
      </button>
    </div>
  );
}
