import { text } from '../storefront/i18n/text.ts';
import { changeView, type View } from './view.ts';

const t = text.observatory;

/** Not the value of a service: those begin with `=`. */
const edge = 'edge';

/** Where an edge is chosen, it is one of the options. */
export function ServiceSelect({ view, names }: { view: View; names: readonly string[] }) {
  const { service, from } = view;
  const all = [...new Set([...names, ...(service && !from ? [service] : [])])];
  return (
    <select
      value={from ? edge : service && `=${service}`}
      onChange={({ target: { value } }) => {
        if (value !== edge) changeView({ service: value.slice(1), from: '' });
      }}
    >
      <option value="">{t.allServices}</option>
      {from && <option value={edge}>{`${from} → ${service}`}</option>}
      {all.map((name) => (
        <option key={name} value={`=${name}`}>
          {name}
        </option>
      ))}
    </select>
  );
}
