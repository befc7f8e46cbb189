const orders = [
  ['id', 'Our order'],
  ['name', 'Name'],
  ['price', 'Price'],
  ['count', 'In stock'],
  ['tag', 'Tag'],
] as const;

export function SortBy({ sort, onSort }: { sort: string; onSort: (sort: string) => void }) {
  return (
    <label>
      Sort by{' '}
      <select
        id="sort"
        name="sort"
        value={sort}
        onChange={(event) => {
          onSort(event.currentTarget.value);
        }}
      >
        {orders.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
