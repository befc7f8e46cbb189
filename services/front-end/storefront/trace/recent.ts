/** What this tab has set in motion lately, also on the pages before: known here before any span has arrived. */
export interface RecentAction {
  traceId: string;
  name: string;
  /** Since 1970. */
  startMs: number;
  /** Undefined while it goes on. */
  durationMs: number | undefined;
  failed: boolean;
  /** A page was loaded, and nothing done on it. */
  page: boolean;
}

const key = 'trace-recent';
const atMost = 20;
const listeners = new Set<() => void>();
let recent = read();

/** Newest first; the same list until it changes. */
export function recentActions(): readonly RecentAction[] {
  return recent;
}

export function onRecent(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function noteAction(action: RecentAction): void {
  const others = recent.filter(({ traceId }) => traceId !== action.traceId);
  change([action, ...others].sort((one, other) => other.startMs - one.startMs).slice(0, atMost));
}

/** At logout: later actions belong to another shopper. */
export function forgetActions(): void {
  change([]);
}

function change(next: RecentAction[]): void {
  recent = next;
  try {
    sessionStorage.setItem(key, JSON.stringify(next));
  } catch {
    // No room, or none allowed: the list then lives as long as the page.
  }
  for (const listener of listeners) listener();
}

function read(): RecentAction[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? (kept as RecentAction[]) : []; // only this file writes it
  } catch {
    return [];
  }
}
