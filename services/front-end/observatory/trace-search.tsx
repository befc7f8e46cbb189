import { useState } from 'react';
import { text } from '../storefront/i18n/text.ts';
import { getOwnId, type Traffic } from './api.ts';
import { Choice } from './choice.tsx';
import { ServiceSelect } from './service-select.tsx';
import { changeView, isUser, type View } from './view.ts';

const t = text.observatory;

/** Each change searches at once; there is nothing to send. */
export function TraceSearch({ view, traffic }: { view: View; traffic: Traffic | undefined }) {
  const { services = [], routes = [], calls = [] } = traffic ?? {};
  const { service, from } = view;
  const [own, setOwn] = useState<'unknown' | 'guest'>('unknown');
  const names = from
    ? calls.filter((call) => call.from === from && call.to === service)
    : routes.filter((route) => !service || route.service === service);
  const isSearch =
    view.service || view.name || view.minDurationMs || view.errors || view.user ? true : false;
  const mine = async (): Promise<void> => {
    const id = await getOwnId().catch(() => null);
    if (id === null) setOwn('guest');
    else changeView({ user: id });
  };
  return (
    <form
      className="search"
      role="search"
      aria-labelledby="traces-title"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <label>
        {t.service}
        <ServiceSelect view={view} names={services.map(({ name }) => name)} />
      </label>
      <label className="wide">
        {t.route}
        <input
          list="route-names"
          value={view.name}
          placeholder="POST /orders"
          autoCapitalize="none"
          spellCheck={false}
          onChange={({ target }) => {
            changeView({ name: target.value }, 'name');
          }}
        />
        <datalist id="route-names">
          {[...new Set(names.map(({ name }) => name))].sort().map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </label>
      <label className="short">
        {t.atLeastMs}
        <input
          inputMode="numeric"
          pattern="\d*"
          maxLength={6}
          value={view.minDurationMs}
          placeholder="0"
          onChange={({ target }) => {
            changeView({ minDurationMs: target.value.replaceAll(/\D/g, '') }, 'min');
          }}
        />
      </label>
      <div className="user">
        <label>
          {t.user}
          <input
            value={view.user}
            maxLength={12}
            aria-invalid={view.user !== '' && !isUser(view.user)}
            placeholder={t.userHint}
            autoCapitalize="none"
            spellCheck={false}
            onChange={({ target }) => {
              changeView({ user: target.value.trim().toLowerCase() }, 'user');
            }}
          />
        </label>
        <button type="button" className="button" onClick={() => void mine()}>
          {t.mine}
        </button>
        {own === 'guest' && (
          <p role="status" className="hint">
            {t.mineGuest}
          </p>
        )}
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={view.errors}
          onChange={({ target }) => {
            changeView({ errors: target.checked });
          }}
        />
        {t.errorsOnly}
      </label>
      <Choice
        label={t.order}
        value={view.sort}
        options={[
          ['newest', t.newest],
          ['slowest', t.slowest],
        ]}
        onChoose={(sort: View['sort']) => {
          changeView({ sort });
        }}
      />
      {isSearch && (
        <button
          type="button"
          className="button"
          onClick={() => {
            changeView({
              service: '',
              from: '',
              name: '',
              minDurationMs: '',
              errors: false,
              user: '',
            });
          }}
        >
          {t.clear}
        </button>
      )}
    </form>
  );
}
