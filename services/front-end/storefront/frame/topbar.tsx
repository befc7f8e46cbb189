import { logOut } from '../api.ts';
import { dropLoggedInCookie } from '../customer/session.ts';
import { text } from '../i18n/text.ts';
import { accountPath } from '../links.ts';
import { useShop } from '../shop.ts';
import { ActionLink } from '../ui/action-link.tsx';
import { Switches } from './switches.tsx';

/** Who is shopping. */
export function Topbar() {
  const { loggedIn, customer, openLogin, openRegister } = useShop();
  return (
    <div id="topbar">
      <ul className="menu">
        <li id="howdy" className="howdy" hidden={!loggedIn || !customer}>
          {customer && (
            <a href={accountPath}>
              {text.frame.loggedInAs(`${customer.firstName} ${customer.lastName}`)}
            </a>
          )}
        </li>
        {loggedIn ? (
          <li id="logout">
            <ActionLink onAction={() => void leave()}>{text.frame.logout}</ActionLink>
          </li>
        ) : (
          <>
            <li id="login">
              <ActionLink opens="#login-modal" onAction={openLogin}>
                {text.frame.login}
              </ActionLink>
            </li>
            <li id="register">
              <ActionLink opens="#register-modal" onAction={openRegister}>
                {text.frame.register}
              </ActionLink>
            </li>
          </>
        )}
      </ul>
      <Switches />
    </div>
  );
}

async function leave(): Promise<void> {
  try {
    await logOut();
  } finally {
    dropLoggedInCookie(); // without it the server treats the shopper as a guest
    location.reload();
  }
}
