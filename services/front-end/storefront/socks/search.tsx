import { useEffect, useRef } from 'react';
import { text } from '../i18n/text.ts';

/** Searches when the form is sent; an empty field shows all socks again. */
export function Search({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (field.current) field.current.value = q; // Back has changed it
  }, [q]);
  return (
    <form
      id="search"
      role="search"
      className="search"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(field.current?.value.trim() ?? '');
      }}
    >
      <label className="hidden" htmlFor="q">
        {text.socks.searchLabel}
      </label>
      <input
        ref={field}
        id="q"
        name="q"
        type="search"
        defaultValue={q}
        placeholder={text.socks.searchLabel}
        maxLength={100}
        enterKeyHint="search"
      />
      <button className="btn">{text.socks.search}</button>
    </form>
  );
}
