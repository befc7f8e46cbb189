import { listAddresses, listCards, listOrders, type Address, type Card } from '../api.ts';
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
import { AllKnown } from '../ui/all-known.tsx';
import { Loading } from '../ui/loading.tsx';
import { useLoad, type Loaded } from '../ui/use-load.ts';

export function AccountPage() {
  const { loggedIn } = useShop();
  return (
    <div className="container">
      <h1>{text.account.title}</h1>
      {loggedIn ? <Account /> : <LoginFirst why={text.customer.toSeeAccount} />}
    </div>
  );
}

function Account() {
  const { customer } = useShop();
  const addresses = useLoad(listAddresses);
  const cards = useLoad(listCards);
  const orders = useLoad(async () => (await listOrders()).sort(newestFirst).slice(0, 3));
  return (
    <>
      <p className="me">
        <strong>{customer && `${customer.firstName} ${customer.lastName}`}</strong>
        <span className="muted">{customer && text.account.username(customer.username)}</span>
      </p>
      <AllKnown of={[addresses, cards, orders]}>
        <div className="columns">
          <Addresses addresses={addresses} />
          <Cards cards={cards} />
        </div>
        <section className="row" aria-labelledby="recent-title">
          <div className="panel-head">
            <h2 id="recent-title">{text.account.recent}</h2>
            <a href={ordersPath}>{text.orders.title}</a>
          </div>
          <Loading of={orders}>{(list) => <OrdersTable orders={list} firstRows={3} />}</Loading>
        </section>
      </AllKnown>
    </>
  );
}

function Addresses({ addresses }: { addresses: Loaded<Address[]> }) {
  return (
    <section className="panel" aria-labelledby="addresses-title">
      <h2 id="addresses-title">{text.account.addresses}</h2>
      <Loading of={addresses}>
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

function Cards({ cards }: { cards: Loaded<Card[]> }) {
  return (
    <section className="panel" aria-labelledby="cards-title">
      <h2 id="cards-title">{text.account.cards}</h2>
      <Loading of={cards}>
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
