import { addAddress } from '../api.ts';
import { text } from '../i18n/text.ts';
import { useShop } from '../shop.ts';
import { Field } from '../ui/field.tsx';
import { textOf } from '../ui/form-values.ts';
import { NoticeBox } from '../ui/notice-box.tsx';
import { success } from '../ui/notice.ts';
import { useSubmit } from '../ui/use-submit.ts';

export function AddressForm({ onAdded }: { onAdded: (id: string) => void }) {
  const { asCustomer, notify } = useShop();
  const { onSubmit, busy, failed } = useSubmit(async (form) => {
    const address = {
      number: textOf(form, 'number'),
      street: textOf(form, 'street'),
      city: textOf(form, 'city'),
      postcode: textOf(form, 'postcode'),
      country: textOf(form, 'country'),
    };
    onAdded(await asCustomer(() => addAddress(address)));
    notify(success(text.address.saved));
  }, text.address.notSaved);
  return (
    <form onSubmit={onSubmit}>
      {failed && <NoticeBox notice={failed} />}
      <Field id="form-number" name="number" label={text.address.number} />
      <Field
        id="form-street"
        name="street"
        label={text.address.street}
        autoComplete="address-line1"
      />
      <Field id="form-city" name="city" label={text.address.city} autoComplete="address-level2" />
      <Field
        id="form-post-code"
        name="postcode"
        label={text.address.postcode}
        autoComplete="postal-code"
      />
      <Field
        id="form-country"
        name="country"
        label={text.address.country}
        autoComplete="country-name"
      />
      <button className="btn btn-primary btn-wide" disabled={busy}>
        {text.address.save}
      </button>
    </form>
  );
}
