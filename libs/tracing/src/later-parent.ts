import { type Context, createContextKey } from '@opentelemetry/api';
import { newSpanId } from './ids.ts';

const LATER_PARENT = createContextKey('id of the parent that the caller records later');

/**
 * A context whose SERVER span gets a parent that does not exist yet. A browser that loads a page cannot send a context, but it can record its
 * request under an id that it gets with the response: then the request is the parent of what it caused, and begins before it.
 */
export function withLaterParent(from: Context): Context {
  return from.setValue(LATER_PARENT, newSpanId());
}

/** The id of that parent. */
export function laterParent(from: Context): string | undefined {
  return from.getValue(LATER_PARENT) as string | undefined; // only set above
}
