import { addAddress } from '../api.ts';
import { Field } from '../ui/field.tsx';
import { textOf } from '../ui/form-values.ts';
import { NoticeBox } from '../ui/notice-box.tsx';
import { useSubmit } from '../ui/use-submit.ts';

export function AddressForm({ onAdded }: { onAdded: () => void }) {
  const { onSubmit, busy, failed } = useSubmit(async (form) => {
    await addAddress({
      number: textOf(form, 'number'),
      street: textOf(form, 'street'),
      city: textOf(form, 'city'),
      postcode: textOf(form, 'postcode'),
      country: textOf(form, 'country'),
    });
    onAdded();
  }, 'The address could not be saved. ');
  return (
    <form onSubmit={onSubmit}>
      {failed && <NoticeBox notice={failed} />}
      <Field id="form-number" name="number" label="House number" />
      <Field id="form-street" name="street" label="Street" autoComplete="address-line1" />
      <Field id="form-city" name="city" label="City" autoComplete="address-level2" />
      <Field id="form-post-code" name="postcode" label="Post code" autoComplete="postal-code" />
      <Field id="form-country" name="country" label="Country" autoComplete="country-name" />
      <button className="btn btn-primary" disabled={busy}>
        Save address
      </button>
    </form>
  );
}
