import { AddDialog } from '../customer/add-dialog.tsx';
import { AddressForm } from '../customer/address-form.tsx';
import { AddressLines } from '../customer/address-lines.tsx';
import type { Address } from '../api.ts';
import { Loading } from '../ui/loading.tsx';
import type { Loaded } from '../ui/use-load.ts';

export function AddressPanel({ address }: { address: Loaded<Address | null> }) {
  return (
    <section className="panel" aria-labelledby="address-title">
      <h2 id="address-title">Shipping address</h2>
      <Loading of={address}>
        {(saved) => (
          <>
            <div id="address">
              {saved ? <AddressLines address={saved} /> : <p>No address saved for user.</p>}
            </div>
            {!saved && (
              <AddDialog id="address-modal" linkId="add_shipping" title="Add address">
                {(done) => (
                  <AddressForm
                    onAdded={() => {
                      done();
                      address.reload();
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
