import { ApiError } from '../api-error.ts';

export interface Notice {
  kind: 'success' | 'error';
  text: string;
  traceId: string | null;
}

export function success(text: string): Notice {
  return { kind: 'success', text, traceId: null };
}

/** The words for `error`, after `prefix`. */
export function problem(error: unknown, prefix = ''): Notice {
  const known = error instanceof ApiError;
  const text = known ? error.message : 'Something went wrong in this page.';
  return { kind: 'error', text: prefix + text, traceId: known ? error.traceId : null };
}
