import { text } from '../storefront/i18n/text.ts';
import { Appearance } from './appearance.tsx';
import { Choice } from './choice.tsx';
import { clock } from './format.ts';
import { changeView, type View } from './view.ts';

const t = text.observatory;

export function Header({
  live,
  failing,
  atMs,
  windowS,
  zipkinUrl,
  onLive,
}: {
  live: boolean;
  failing: boolean;
  atMs: number | undefined;
  windowS: View['windowS'];
  zipkinUrl: string | undefined;
  onLive: (live: boolean) => void;
}) {
  const state = failing ? 'failing' : live ? 'live' : 'paused';
  return (
    <header className="bar">
      <a className="brand" href="/observatory">
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="12" cy="12" r="9.2" />
          <circle cx="12" cy="12" r="3.4" className="pupil" />
          <path d="M12 2.8v3.4M12 17.8v3.4M2.8 12h3.4M17.8 12h3.4" />
        </svg>
        {t.title}
      </a>
      <p className={`pulse ${state}`}>
        <span className="dot" aria-hidden="true" />
        {failing ? t.failing : live ? t.live : t.paused}
        {atMs !== undefined && <span className="at">{clock(atMs)}</span>}
      </p>
      <button
        type="button"
        className="button"
        onClick={() => {
          onLive(!live);
        }}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d={live ? 'M4.5 3h2.6v10H4.5zM8.9 3h2.6v10H8.9z' : 'M4.5 2.6 12.6 8l-8.1 5.4z'} />
        </svg>
        {live ? t.pause : t.resume}
      </button>
      <Choice
        label={t.window}
        value={windowS}
        options={[
          [60, t.oneMinute],
          [300, t.fiveMinutes],
        ]}
        onChoose={(next: View['windowS']) => {
          changeView({ windowS: next });
        }}
      />
      <nav aria-label={t.elsewhere}>
        {zipkinUrl !== undefined && (
          <a href={zipkinUrl} rel="noreferrer">
            Zipkin
          </a>
        )}
        <a href="/">{t.toShop}</a>
      </nav>
      <Appearance />
    </header>
  );
}
