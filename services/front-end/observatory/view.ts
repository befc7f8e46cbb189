import { useSyncExternalStore } from 'react';
import type { TraceQuery } from './api.ts';

/** What is shown: all of it is in the address, so it can be shared, and "back" goes one step back. */
export interface View {
  windowS: 60 | 300;
  /** Chosen on the map, empty for all. */
  service: string;
  /** With `service`: the calls from there to it were chosen on the map. */
  from: string;
  tab: 'routes' | 'databases' | 'broker';
  /** Of a root or any other span, as in the table of routes. */
  name: string;
  /** As typed; milliseconds. */
  minDurationMs: string;
  errors: boolean;
  /** A customer's pseudonymous id. */
  user: string;
  sort: TraceQuery['sort'];
  /** The open trace's id, or empty. */
  trace: string;
}

const initial: View = {
  windowS: 60,
  service: '',
  from: '',
  tab: 'routes',
  name: '',
  minDurationMs: '',
  errors: false,
  user: '',
  sort: 'newest',
  trace: '',
};

export function parseView(search: string): View {
  const params = new URLSearchParams(search);
  const word = (name: string) => params.get(name) ?? '';
  const tab = word('tab');
  return {
    windowS: word('window') === '300' ? 300 : 60,
    service: word('service'),
    from: word('service') ? word('from') : '',
    tab: tab === 'databases' || tab === 'broker' ? tab : 'routes',
    name: word('name'),
    minDurationMs: /^\d{1,6}$/.test(word('min')) ? word('min') : '',
    errors: word('errors') === '1',
    user: word('user'),
    sort: word('sort') === 'slowest' ? 'slowest' : 'newest',
    trace: parseTraceId(word('trace')) ?? '',
  };
}

/**
 * 32 or 16 hex digits, also in capitals, with spaces or hyphens between, or inside a `traceparent` or a link to a trace. Undefined for
 * any other text.
 */
export function parseTraceId(text: string): string | undefined {
  const given = text.trim().toLowerCase();
  const inside = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(given)?.[1];
  const linked = /[?&/](?:trace=|traces?\/)([0-9a-f]+)(?:$|[?&#])/.exec(given)?.[1];
  const id = inside ?? linked ?? given.replaceAll(/[\s"'-]/g, '');
  return /^(?!0+$)(?:[0-9a-f]{16}){1,2}$/.test(id) ? id : undefined;
}

/** A pseudonymous id as the front-end makes them. */
export function isUser(text: string): boolean {
  return /^[0-9a-f]{12}$/.test(text);
}

/** Without what is as in the beginning. */
export function formatView(view: View): string {
  const params = new URLSearchParams();
  const add = (name: string, value: string, usual = '') => {
    if (value !== usual) params.set(name, value);
  };
  add('window', String(view.windowS), String(initial.windowS));
  add('service', view.service);
  add('from', view.from);
  add('tab', view.tab, initial.tab);
  add('name', view.name);
  add('min', view.minDurationMs);
  add('errors', view.errors ? '1' : '');
  add('user', view.user);
  add('sort', view.sort, initial.sort);
  add('trace', view.trace);
  return params.size > 0 ? `?${params}` : '';
}

const changed = 'observatory:view';
let lastTyped = '';

/** What is typed into one field is one step of the history. */
export function changeView(change: Partial<View>, typedInto = ''): void {
  const next = formatView({ ...parseView(location.search), ...change });
  if (next === location.search) return;
  const address = `${location.pathname}${next}`;
  if (typedInto && typedInto === lastTyped) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  lastTyped = typedInto;
  dispatchEvent(new Event(changed));
}

export function useView(): View {
  return parseView(useSyncExternalStore(subscribe, () => location.search));
}

function subscribe(tell: () => void): () => void {
  const back = () => {
    lastTyped = '';
    tell();
  };
  addEventListener('popstate', back);
  addEventListener(changed, tell);
  return () => {
    removeEventListener('popstate', back);
    removeEventListener(changed, tell);
  };
}
