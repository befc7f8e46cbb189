import { ShopError } from '@sockshop/service';
import { shop } from '@sockshop/telemetry';
import { activeSpan, recordWait } from '@sockshop/tracing';

/** Waiting checks at most. */
const MOST = 400;
/** Longest wait, in ms: front-end must get an answer before its own deadline, which would count as a failure of this service. */
const WAIT_MS = 15_000;

/** There was no turn in time, or too many wait. */
export class NoTurnError extends ShopError {
  override readonly name = 'NoTurnError';

  constructor() {
    super(429, 'too many logins wait to be checked', { headers: { 'retry-after': '5' } });
  }
}

interface Waiting {
  readonly callers: () => number;
  readonly enter: () => void;
}

/**
 * Where checks wait that are likely guesses: one runs at a time, so that they leave room for everyone else's. The names take turns, so
 * that guesses of one name delay no other. Of a name's checks the one with the most callers comes first: many shoppers log in with one
 * right password, and a guesser tries each wrong one once.
 */
export class GuessLine {
  private running = false;
  private size = 0;
  /** By name; the next turn is the first one's. */
  private readonly lines = new Map<string, Set<Waiting>>();

  /** @throws NoTurnError also when `signal` aborts. */
  async run<T>(
    name: string,
    work: () => Promise<T>,
    callers: () => number,
    signal: AbortSignal,
  ): Promise<T> {
    if (this.running) await this.turn(name, callers, signal);
    this.running = true;
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private async turn(name: string, callers: () => number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.size >= MOST) throw new NoTurnError();
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const line = this.lines.get(name) ?? new Set();
    const waiting: Waiting = {
      callers,
      enter: () => {
        resolve(undefined);
      },
    };
    const refuse = (): void => {
      this.remove(name, waiting);
      reject(new NoTurnError());
    };
    this.lines.set(name, line.add(waiting));
    this.size += 1;
    const since = performance.now();
    const timer = setTimeout(refuse, WAIT_MS);
    signal.addEventListener('abort', refuse);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', refuse);
      recordWait(activeSpan(), shop.LOGIN_TURN, since);
    }
  }

  private leave(): void {
    const [first] = this.lines;
    if (first === undefined) {
      this.running = false;
      return;
    }
    const [name, line] = first;
    const next = [...line].reduce((most, each) => (each.callers() > most.callers() ? each : most));
    this.remove(name, next);
    if (this.lines.delete(name)) this.lines.set(name, line); // to the end
    next.enter();
  }

  private remove(name: string, waiting: Waiting): void {
    const line = this.lines.get(name);
    if (!line?.delete(waiting)) return;
    this.size -= 1;
    if (line.size === 0) this.lines.delete(name);
  }
}
