import { AddDialog } from '../customer/add-dialog.tsx';
import { CardForm } from '../customer/card-form.tsx';
import { Loading } from '../ui/loading.tsx';
import type { Loaded } from '../ui/use-load.ts';

export function CardPanel({ card }: { card: Loaded<{ number: string } | null> }) {
  return (
    <section className="panel" aria-labelledby="card-title">
      <h2 id="card-title">Payment</h2>
      <Loading of={card}>
        {(saved) => (
          <>
            <p id="number">
              {saved ? `Card ending in ${saved.number}` : 'No credit card saved for user.'}
            </p>
            {!saved && (
              <AddDialog id="card-modal" linkId="add_payment" title="Add card">
                {(done) => (
                  <CardForm
                    onAdded={() => {
                      done();
                      card.reload();
                    }}
                  />
                )}
              </AddDialog>
            )}
          </>
        )}
      </Loading>
    </section>
  );
}
