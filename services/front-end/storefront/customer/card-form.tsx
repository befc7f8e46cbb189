import { addCard } from '../api.ts';
import { Field } from '../ui/field.tsx';
import { textOf } from '../ui/form-values.ts';
import { NoticeBox } from '../ui/notice-box.tsx';
import { useSubmit } from '../ui/use-submit.ts';

export function CardForm({ onAdded }: { onAdded: () => void }) {
  const { onSubmit, busy, failed } = useSubmit(async (form) => {
    await addCard({
      longNum: textOf(form, 'longNum').replaceAll(/[ -]/g, ''),
      expires: textOf(form, 'expires'),
      ccv: textOf(form, 'ccv'),
    });
    onAdded();
  }, 'The card could not be saved. ');
  return (
    <form onSubmit={onSubmit}>
      {failed && <NoticeBox notice={failed} />}
      <p className="muted">This is a demonstration: invent a number, do not use a real card.</p>
      <Field
        id="form-card-number"
        name="longNum"
        label="Card number"
        inputMode="numeric"
        pattern="[\d \-]{12,23}"
        title="12 to 19 digits"
        autoComplete="off"
      />
      <Field
        id="form-expires"
        name="expires"
        label="Expires"
        placeholder="MM/YY"
        pattern="(0[1-9]|1[0-2])/\d\d"
        title="Month and year, like 08/29"
        autoComplete="off"
      />
      <Field
        id="form-ccv"
        name="ccv"
        label="CCV"
        inputMode="numeric"
        pattern="\d{3,4}"
        title="3 or 4 digits"
        autoComplete="off"
      />
      <button className="btn btn-primary" disabled={busy}>
        Save card
      </button>
    </form>
  );
}
