import { useRef, useState, type ReactNode } from 'react';
import { text } from '../i18n/text.ts';
import { useShop } from '../shop.ts';
import { BinIcon } from '../ui/icons.tsx';
import { problem, success } from '../ui/notice.ts';
import type { Loaded } from '../ui/use-load.ts';

interface Props<T> {
  id: string;
  /** The id of its title. */
  labelledBy: string;
  entries: T[];
  /** What the page knows of them; a deleted one leaves it. */
  of: Loaded<T[]>;
  /** In words, for who cannot see the line. */
  nameOf: (entry: T) => string;
  remove: (id: string) => Promise<void>;
  /** Said where there is none. */
  none: string;
  children: (entry: T) => ReactNode;
}

/** What a customer has saved, each with a button that deletes it. */
export function SavedList<T extends { id?: string }>(props: Props<T>) {
  const { id, labelledBy, entries, of, nameOf, remove, none, children } = props;
  const { notify, asCustomer } = useShop();
  const [going, setGoing] = useState<string>();
  const list = useRef<HTMLUListElement>(null);
  const deleteOne = async (entry: T, entryId: string) => {
    if (going !== undefined) return;
    setGoing(entryId);
    notify(null);
    try {
      await asCustomer(() => remove(entryId));
      of.change((all) => all.filter((other) => other.id !== entryId));
      notify(success(text.account.deleted(nameOf(entry))));
      list.current?.focus(); // its button is gone
    } catch (error) {
      notify(problem(error, text.account.notDeleted));
    }
    setGoing(undefined);
  };
  return (
    <ul id={id} ref={list} tabIndex={-1} aria-labelledby={labelledBy}>
      {entries.map((entry) => (
        <li key={entry.id}>
          {children(entry)}
          {entry.id !== undefined && (
            <button
              type="button"
              className="icon-btn"
              aria-label={text.account.delete(nameOf(entry))}
              aria-disabled={going !== undefined} // `disabled` would take the focus away, also where it fails
              onClick={() => void deleteOne(entry, entry.id ?? '')}
            >
              <BinIcon />
            </button>
          )}
        </li>
      ))}
      {entries.length === 0 && <li>{none}</li>}
    </ul>
  );
}
