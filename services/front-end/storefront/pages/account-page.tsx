import {
  deleteAddress,
  deleteCard,
  listAddresses,
  listCards,
  type Address,
  type Card,
} from '../api.ts';
import { AddDialog } from '../customer/add-dialog.tsx';
import { AddressForm } from '../customer/address-form.tsx';
import { AddressLines } from '../customer/address-lines.tsx';
import { CardForm } from '../customer/card-form.tsx';
import { CardLine } from '../customer/card-line.tsx';
import { LoginFirst } from '../customer/login-first.tsx';
import { SavedList } from '../customer/saved-list.tsx';
import { useTitle } from '../frame/use-title.ts';
import { text } from '../i18n/text.ts';
import { ordersPath } from '../links.ts';
import { OrdersTable } from '../orders/orders-table.tsx';
import { useOrders } from '../orders/use-orders.ts';
import { useShop } from '../shop.ts';
import { AllKnown } from '../ui/all-known.tsx';
import { Loading } from '../ui/loading.tsx';
import { PanelSkeleton, TableSkeleton } from '../ui/skeleton.tsx';
import { useLoad, type Loaded } from '../ui/use-load.ts';

export function AccountPage() {
  const { loggedIn } = useShop();
  useTitle(text.account.title);
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
  const orders = useOrders(1, 3);
  return (
    <>
      <p className="me">
        <strong>{customer && `${customer.firstName} ${customer.lastName}`}</strong>
        <span className="muted">{customer && text.account.username(customer.username)}</span>
      </p>
      <AllKnown of={[addresses, cards, orders]} skeleton={<Skeleton />}>
        <div className="columns">
          <Addresses addresses={addresses} />
          <Cards cards={cards} />
        </div>
        <section className="row" aria-labelledby="recent-title">
          <div className="panel-head">
            <h2 id="recent-title">{text.account.recent}</h2>
            <a href={ordersPath}>{text.orders.title}</a>
          </div>
          <Loading of={orders}>{({ orders: newest }) => <OrdersTable orders={newest} />}</Loading>
        </section>
      </AllKnown>
    </>
  );
}

function Skeleton() {
  return (
    <>
      <div className="columns">
        <PanelSkeleton lines={4} />
        <PanelSkeleton lines={4} />
      </div>
      <div className="row">
        <TableSkeleton rows={3} />
      </div>
    </>
  );
}

function Addresses({ addresses }: { addresses: Loaded<Address[]> }) {
  return (
    <section className="panel" aria-labelledby="addresses-title">
      <h2 id="addresses-title">{text.account.addresses}</h2>
      <Loading of={addresses}>
        {(list) => (
          <SavedList
            id="addresses"
            labelledBy="addresses-title"
            entries={list}
            of={addresses}
            nameOf={({ number, street }) => `${number} ${street}`}
            remove={deleteAddress}
            none={text.checkout.noAddress}
          >
            {(address) => <AddressLines address={address} />}
          </SavedList>
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
          <SavedList
            id="cards"
            labelledBy="cards-title"
            entries={list}
            of={cards}
            nameOf={({ longNum }) => text.checkout.cardEnding(longNum.slice(-4))}
            remove={deleteCard}
            none={text.checkout.noCard}
          >
            {(card) => <CardLine card={card} />}
          </SavedList>
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
