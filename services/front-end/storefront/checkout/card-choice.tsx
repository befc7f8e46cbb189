import { AddDialog } from '../customer/add-dialog.tsx';
import { isExpired } from '../customer/card-expiry.ts';
import { CardForm } from '../customer/card-form.tsx';
import { CardLine } from '../customer/card-line.tsx';
import { text } from '../i18n/text.ts';
import { Loading } from '../ui/loading.tsx';
import { Options, OptionSkeleton } from './options.tsx';
import type { Checkout } from './use-checkout.ts';

export function CardChoice({ checkout }: { checkout: Checkout }) {
  const { cards, card, choose } = checkout;
  const words = text.checkout;
  return (
    <section className="panel" aria-labelledby="card-title">
      <h2 id="card-title">{words.card}</h2>
      <div id="number">
        <Loading of={cards} skeleton={<OptionSkeleton />}>
          {(list) =>
            list.length === 0 ? (
              <p>{words.noCard}</p>
            ) : (
              <Options
                name="card"
                label={words.chooseCard}
                options={list}
                chosen={card}
                onChoose={(id) => {
                  choose({ card: id });
                }}
              >
                {(each) => <CardLine card={each} />}
              </Options>
            )
          }
        </Loading>
        {card && isExpired(card.expires) && <p className="muted">{words.cardExpired}</p>}
      </div>
      <AddDialog id="card-modal" linkId="add_payment" title={words.addCard}>
        {(done) => (
          <CardForm
            onAdded={(id) => {
              done();
              choose({ card: id });
              cards.reload();
            }}
          />
        )}
      </AddDialog>
    </section>
  );
}
