import { useState, type ComponentType } from 'react';
import { getCustomer } from './api.ts';
import { useCart } from './cart/use-cart.ts';
import { LoginDialog } from './customer/login-dialog.tsx';
import { RegisterDialog } from './customer/register-dialog.tsx';
import { loggedInCookie } from './customer/session.ts';
import { useLogin } from './customer/use-login.ts';
import { ErrorBoundary } from './frame/error-boundary.tsx';
import { Footer } from './frame/footer.tsx';
import { Header } from './frame/header.tsx';
import { fromPreviousPage } from './frame/next-page-notice.ts';
import { Notices } from './frame/notices.tsx';
import { useToasts } from './frame/use-toasts.ts';
import { text } from './i18n/text.ts';
import { basketPath, checkoutPath } from './links.ts';
import { ShopContext } from './shop.ts';
import { TraceDock } from './trace/trace-dock.tsx';
import { problem, type Notice } from './ui/notice.ts';
import { useLoad } from './ui/use-load.ts';

const firstNotice = fromPreviousPage();
/** These show the cart's lines, or that there are none to be had. */
const saysItself = [basketPath, checkoutPath(4)].includes(location.pathname);

export function App({ Page }: { Page: ComponentType }) {
  const { toasts, notify, drop } = useToasts(firstNotice);
  const [cookie] = useState(loggedInCookie);
  const customer = useLoad(async () => (cookie ? getCustomer(cookie) : null));
  const login = useLogin(customer.data ?? null);
  const cart = useCart({ notify, asCustomer: login.asCustomer });
  const shop = {
    loggedIn: cookie !== '' && customer.data !== null, // null: the server knows better
    customer: customer.data ?? null,
    cart,
    notify,
    openLogin: () => {
      login.open('login');
    },
    openRegister: () => {
      login.open('register');
    },
    asCustomer: login.asCustomer,
  };
  const unavailable: Notice[] = [];
  if (cart.error !== undefined && !(saysItself && cart.data === undefined))
    unavailable.push(problem(cart.error, `${text.frame.cartUnavailable}. `, cart.reload));
  if (customer.error !== undefined)
    unavailable.push(problem(customer.error, text.customer.nameUnavailable, customer.reload));
  return (
    <ShopContext value={shop}>
      <a className="skip" href="#content">
        {text.frame.skip}
      </a>
      <Header />
      <main id="content" tabIndex={-1}>
        <ErrorBoundary>
          <Page />
        </ErrorBoundary>
      </main>
      <Footer />
      <TraceDock />
      <Notices toasts={toasts} onDrop={drop} unavailable={unavailable} />
      <LoginDialog login={login} />
      <RegisterDialog login={login} />
    </ShopContext>
  );
}
