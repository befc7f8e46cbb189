import { listAddresses, listCards, listOrders } from '../api.ts';
import { AddDialog } from '../customer/add-dialog.tsx';
import { AddressForm } from '../customer/address-form.tsx';
import { AddressLines } from '../customer/address-lines.tsx';
import { CardForm } from '../customer/card-form.tsx';
import { CardLine } from '../customer/card-line.tsx';
import { LoginFirst } from '../customer/login-first.tsx';
import { text } from '../i18n/text.ts';
import { ordersPath } from '../links.ts';
import { newestFirst } from '../orders/order-facts.ts';
import { OrdersTable } from '../orders/orders-table.tsx';
import { useShop } from '../shop.ts';
import { Loading } from '../ui/loading.tsx';
import { Bone } from '../ui/skeleton.tsx';
import { useLoad } from '../ui/use-load.ts';

export function AccountPage() {
  const { loggedIn, customer } = useShop();
  return (
    <div className="container">
      <h1>{text.account.title}</h1>
      {loggedIn ? (
        <>
          <p className="me">
            <strong>{customer && `${customer.firstName} ${customer.lastName}`}</strong>
            <span className="muted">{customer && text.account.username(customer.username)}</span>
          </p>
          <div className="columns">
            <Addresses />
            <Cards />
          </div>
          <RecentOrders />
        </>
      ) : (
        <LoginFirst why={text.customer.toSeeAccount} />
      )}
    </div>
  );
}

function RecentOrders() {
  const orders = useLoad(async () => (await listOrders()).sort(newestFirst).slice(0, 3));
  return (
    <section className="row" aria-labelledby="recent-title">
      <div className="panel-head">
        <h2 id="recent-title">{text.account.recent}</h2>
        <a href={ordersPath}>{text.orders.title}</a>
      </div>
      <Loading of={orders} skeleton={<Bone width={20} height={8} />}>
        {(list) => <OrdersTable orders={list} firstRows={3} />}
      </Loading>
    </section>
  );
}

function Addresses() {
  const addresses = useLoad(listAddresses);
  return (
    <section className="panel" aria-labelledby="addresses-title">
      <h2 id="addresses-title">{text.account.addresses}</h2>
      <Loading of={addresses} skeleton={<Bone width={10} height={4.5} />}>
        {(list) => (
          <ul id="addresses">
            {list.map((address) => (
              <li key={address.id}>
                <AddressLines address={address} />
              </li>
            ))}
            {list.length === 0 && <li>{text.checkout.noAddress}</li>}
          </ul>
        )}
      </Loading>
      <AddDialog id="address-modal" linkId="add_shipping" title={text.checkout.addAddress}>
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
      <h2 id="cards-title">{text.account.cards}</h2>
      <Loading of={cards} skeleton={<Bone width={10} height={3} />}>
        {(list) => (
          <ul id="cards">
            {list.map((card) => (
              <li key={card.id}>
                <CardLine card={card} />
              </li>
            ))}
            {list.length === 0 && <li>{text.checkout.noCard}</li>}
          </ul>
        )}
      </Loading>
      <AddDialog id="card-modal" linkId="add_payment" title={text.checkout.addCard}>
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
