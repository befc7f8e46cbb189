import { useState, type ComponentType } from 'react';
import { getCart, getCustomer } from './api.ts';
import { ErrorBoundary } from './frame/error-boundary.tsx';
import { Footer } from './frame/footer.tsx';
import { LoginDialog } from './customer/login-dialog.tsx';
import { Navbar } from './frame/navbar.tsx';
import { fromPreviousPage } from './frame/next-page-notice.ts';
import { NoticeBox } from './ui/notice-box.tsx';
import { problem, type Notice } from './ui/notice.ts';
import { RegisterDialog } from './customer/register-dialog.tsx';
import { loggedInCookie } from './customer/session.ts';
import { ShopContext } from './shop.ts';
import { Topbar } from './frame/topbar.tsx';
import { TraceDock } from './trace/trace-dock.tsx';
import { useLoad } from './ui/use-load.ts';

const firstNotice = fromPreviousPage();

export function App({ Page }: { Page: ComponentType }) {
  const [notice, notify] = useState<Notice | null>(firstNotice);
  const [dialog, setDialog] = useState<'login' | 'register' | null>(null);
  const cart = useLoad(getCart);
  const cookie = loggedInCookie();
  const customer = useLoad(async () => (cookie ? getCustomer(cookie) : null));
  const shop = {
    loggedIn: cookie !== '' && customer.data !== null, // null: the server knows better
    customer: customer.data ?? null,
    cart,
    notify,
    openLogin: () => {
      setDialog('login');
    },
    openRegister: () => {
      setDialog('register');
    },
  };
  const close = () => {
    setDialog(null);
  };
  return (
    <ShopContext value={shop}>
      <a className="skip" href="#content">
        Skip to content
      </a>
      <header>
        <Topbar />
        <Navbar />
      </header>
      <main id="content" tabIndex={-1}>
        <div role="status">
          {notice && (
            <NoticeBox
              notice={notice}
              onClose={() => {
                notify(null);
              }}
            />
          )}
        </div>
        {customer.error !== undefined && (
          <NoticeBox notice={problem(customer.error, 'Your name is not available. ')} />
        )}
        <ErrorBoundary>
          <Page />
        </ErrorBoundary>
      </main>
      <Footer />
      <TraceDock />
      <LoginDialog open={dialog === 'login'} onClose={close} />
      <RegisterDialog open={dialog === 'register'} onClose={close} />
    </ShopContext>
  );
}
