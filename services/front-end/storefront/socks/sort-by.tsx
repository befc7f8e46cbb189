import { text } from '../i18n/text.ts';

const sorts = Object.entries(text.socks.sorts);

/** An address may ask for an order that is not offered here. */
export function SortBy({ sort, onSort }: { sort: string; onSort: (sort: string) => void }) {
  return (
    <label className="sort">
      <span>{text.socks.sortBy}</span>
      <select
        id="sort"
        name="sort"
        value={sort}
        onChange={(event) => {
          onSort(event.currentTarget.value);
        }}
      >
        {!sorts.some(([value]) => value === sort) && <option>{sort}</option>}
        {sorts.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
