import { ActionLink } from '../ui/action-link.tsx';
import { logOut } from '../api.ts';
import { dropLoggedInCookie } from '../customer/session.ts';
import { useShop } from '../shop.ts';

export function Topbar() {
  const { loggedIn, customer, openLogin, openRegister } = useShop();
  return (
    <div id="topbar">
      <div className="container bar">
        <p className="offer">Two socks in every pair. We checked.</p>
        <ul className="menu">
          <li id="howdy" className="howdy" hidden={!loggedIn}>
            Logged in{customer && ` as ${customer.firstName} ${customer.lastName}`}
          </li>
          {loggedIn ? (
            <li id="logout">
              <ActionLink onAction={() => void leave()}>Logout</ActionLink>
            </li>
          ) : (
            <>
              <li id="login">
                <ActionLink onAction={openLogin}>Login</ActionLink>
              </li>
              <li id="register">
                <ActionLink onAction={openRegister}>Register</ActionLink>
              </li>
            </>
          )}
        </ul>
      </div>
    </div>
  );
}

async function leave(): Promise<void> {
  try {
    await logOut();
  } finally {
    dropLoggedInCookie(); // without it the server takes nobody for logged in
    location.reload();
  }
}
