import { AddDialog } from '../customer/add-dialog.tsx';
import { AddressForm } from '../customer/address-form.tsx';
import { AddressLines } from '../customer/address-lines.tsx';
import { text } from '../i18n/text.ts';
import { Loading } from '../ui/loading.tsx';
import { Options, OptionSkeleton } from './options.tsx';
import type { Checkout } from './use-checkout.ts';

export function AddressChoice({ checkout }: { checkout: Checkout }) {
  const { addresses, address, choose } = checkout;
  const words = text.checkout;
  return (
    <section className="panel" aria-labelledby="address-title">
      <h2 id="address-title">{words.address}</h2>
      <div id="address">
        <Loading of={addresses} skeleton={<OptionSkeleton />}>
          {(list) =>
            list.length === 0 ? (
              <p>{words.noAddress}</p>
            ) : (
              <Options
                name="address"
                label={words.chooseAddress}
                options={list}
                chosen={address}
                onChoose={(id) => {
                  choose({ address: id });
                }}
              >
                {(each) => <AddressLines address={each} />}
              </Options>
            )
          }
        </Loading>
      </div>
      <AddDialog id="address-modal" linkId="add_shipping" title={words.addAddress}>
        {(done) => (
          <AddressForm
            onAdded={(id) => {
              done();
              choose({ address: id });
              addresses.reload();
            }}
          />
        )}
      </AddDialog>
    </section>
  );
}
