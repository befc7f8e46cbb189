import { addCard } from '../api.ts';
import { text } from '../i18n/text.ts';
import { useShop } from '../shop.ts';
import { Field } from '../ui/field.tsx';
import { isExpired } from './card-expiry.ts';
import { textOf } from '../ui/form-values.ts';
import { NoticeBox } from '../ui/notice-box.tsx';
import { success } from '../ui/notice.ts';
import { useSubmit } from '../ui/use-submit.ts';

export function CardForm({ onAdded }: { onAdded: (id: string) => void }) {
  const { asCustomer, notify } = useShop();
  const { onSubmit, busy, failed } = useSubmit(async (form) => {
    const card = {
      longNum: textOf(form, 'longNum').replaceAll(/[ -]/g, ''),
      expires: textOf(form, 'expires'),
      ccv: textOf(form, 'ccv'),
    };
    onAdded(await asCustomer(() => addCard(card)));
    notify(success(text.card.saved));
  }, text.card.notSaved);
  return (
    <form onSubmit={onSubmit}>
      {failed && <NoticeBox notice={failed} />}
      <p className="muted">{text.card.invent}</p>
      <Field
        id="form-card-number"
        name="longNum"
        label={text.card.number}
        inputMode="numeric"
        pattern="[\d \-]{12,23}"
        title={text.card.numberHint}
        autoComplete="off"
      />
      <Field
        id="form-expires"
        name="expires"
        label={text.card.expires}
        placeholder={text.card.expiresPlaceholder}
        pattern="(0[1-9]|1[0-2])/\d\d"
        title={text.card.expiresHint}
        onInput={({ currentTarget }) => {
          const past = isExpired(currentTarget.value.trim());
          currentTarget.setCustomValidity(past ? text.card.expiresPast : '');
        }}
        autoComplete="off"
      />
      <Field
        id="form-ccv"
        name="ccv"
        label={text.card.ccv}
        inputMode="numeric"
        pattern="\d{3,4}"
        title={text.card.ccvHint}
        autoComplete="off"
      />
      <button className="btn btn-primary btn-wide" disabled={busy}>
        {text.card.save}
      </button>
    </form>
  );
}
