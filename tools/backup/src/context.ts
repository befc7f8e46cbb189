import type { Say } from '@sockshop/supervisor';

/** What a command works with. */
export interface Context {
  readonly say: Say;
  /** Takes what must be done at the end, however it comes; the last taken is done first. */
  readonly cleanUp: (how: () => Promise<void>) => void;
  /** From now on a Ctrl-C comes too late. */
  readonly finishing: () => void;
}
