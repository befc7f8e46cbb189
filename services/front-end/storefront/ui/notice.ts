import { ApiError } from '../api-error.ts';
import { text } from '../i18n/text.ts';

export interface Notice {
  kind: 'success' | 'error';
  text: string;
  traceId: string | null;
  /** What the reader can do about it. */
  hint?: string;
  action?: NoticeAction;
}

/** A place to go, or something to do. */
export type NoticeAction = { text: string; href: string } | { text: string; run: () => void };

export function success(words: string, action?: NoticeAction): Notice {
  return { kind: 'success', text: words, traceId: null, ...(action && { action }) };
}

/** The words for `error`, after `prefix`. */
export function problem(error: unknown, prefix = '', retry?: () => void): Notice {
  const known = error instanceof ApiError;
  return {
    kind: 'error',
    text: prefix + (known ? error.message : text.errors.inPage),
    traceId: known ? error.traceId : null,
    ...(retry && { action: { text: text.frame.tryAgain, run: retry } }),
  };
}
