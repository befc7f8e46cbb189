import { useState } from 'react';
import { text } from '../storefront/i18n/text.ts';

const t = text.observatory;

export interface Column<T> {
  id: string;
  name: string;
  /** What is sorted by: texts from A, numbers from the highest. */
  value: (row: T) => string | number;
  numeric?: boolean;
}

export interface Sorting {
  by: string;
  /** Against what is usual for the column. */
  turned: boolean;
}

export function useSorting(by: string): [Sorting, (id: string) => void] {
  const [sorting, setSorting] = useState<Sorting>({ by, turned: false });
  const sortBy = (id: string) => {
    setSorting((last) => ({ by: id, turned: last.by === id && !last.turned }));
  };
  return [sorting, sortBy];
}

export function sorted<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  { by, turned }: Sorting,
): T[] {
  const column = columns.find(({ id }) => id === by);
  if (!column) return [...rows];
  const sign = turned ? -1 : 1;
  return rows.toSorted((one, other) => {
    const [a, b] = [column.value(one), column.value(other)];
    const order = typeof a === 'number' && typeof b === 'number' ? b - a : a < b ? -1 : 1;
    return a === b ? 0 : sign * order;
  });
}

export function SortableHead<T>({
  columns,
  sorting,
  onSort,
}: {
  columns: readonly Column<T>[];
  sorting: Sorting;
  onSort: (id: string) => void;
}) {
  return (
    <thead>
      <tr>
        {columns.map(({ id, name, numeric = false }) => {
          const up = numeric === sorting.turned; // numbers begin with the highest
          const order = sorting.by !== id ? 'none' : up ? 'ascending' : 'descending';
          return (
            <th key={id} scope="col" aria-sort={order} className={numeric ? 'number' : id}>
              <button
                type="button"
                title={t.sortBy(name)}
                onClick={() => {
                  onSort(id);
                }}
              >
                {name}
                <svg viewBox="0 0 8 8" aria-hidden="true">
                  <path d={order === 'ascending' ? 'M1 5.5 4 2l3 3.5z' : 'M1 2.5 4 6l3-3.5z'} />
                </svg>
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
