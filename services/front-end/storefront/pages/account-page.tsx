import { AddDialog } from '../customer/add-dialog.tsx';
import { AddressForm } from '../customer/address-form.tsx';
import { AddressLines } from '../customer/address-lines.tsx';
import { listAddresses, listCards } from '../api.ts';
import { CardForm } from '../customer/card-form.tsx';
import { ordersPath } from '../links.ts';
import { Loading } from '../ui/loading.tsx';
import { LoginFirst } from '../customer/login-first.tsx';
import { useShop } from '../shop.ts';
import { useLoad } from '../ui/use-load.ts';

export function AccountPage() {
  const { loggedIn, customer } = useShop();
  return (
    <div className="container">
      <h1>My account</h1>
      {loggedIn ? (
        <>
          {customer && (
            <p>
              {customer.firstName} {customer.lastName}, username {customer.username}.
            </p>
          )}
          <p>
            <a href={ordersPath}>My orders</a>
          </p>
          <div className="columns">
            <Addresses />
            <Cards />
          </div>
        </>
      ) : (
        <LoginFirst to="see your account" />
      )}
    </div>
  );
}

function Addresses() {
  const addresses = useLoad(listAddresses);
  return (
    <section className="panel" aria-labelledby="addresses-title">
      <h2 id="addresses-title">Addresses</h2>
      <Loading of={addresses}>
        {(list) => (
          <ul id="addresses">
            {list.map((address, index) => (
              <li key={index}>
                <AddressLines address={address} />
                {index === 0 && <p className="muted">Orders are sent here.</p>}
              </li>
            ))}
            {list.length === 0 && <li>No address saved for user.</li>}
          </ul>
        )}
      </Loading>
      <AddDialog id="address-modal" linkId="add_shipping" title="Add address">
        {(done) => (
          <AddressForm
            onAdded={() => {
              done();
              addresses.reload();
            }}
          />
        )}
      </AddDialog>
    </section>
  );
}

function Cards() {
  const cards = useLoad(listCards);
  return (
    <section className="panel" aria-labelledby="cards-title">
      <h2 id="cards-title">Cards</h2>
      <Loading of={cards}>
        {(list) => (
          <ul id="cards">
            {list.map(({ longNum, expires }, index) => (
              <li key={index}>
                Card ending in {longNum.slice(-4)}, expires {expires}
                {index === 0 && <p className="muted">Orders are paid with this one.</p>}
              </li>
            ))}
            {list.length === 0 && <li>No credit card saved for user.</li>}
          </ul>
        )}
      </Loading>
      <AddDialog id="card-modal" linkId="add_payment" title="Add card">
        {(done) => (
          <CardForm
            onAdded={() => {
              done();
              cards.reload();
            }}
          />
        )}
      </AddDialog>
    </section>
  );
}
